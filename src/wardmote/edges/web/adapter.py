"""Our ways with allauth: sign up at a community, and where one goes after signing in."""

from allauth.account.adapter import DefaultAccountAdapter

from wardmote.communities import queries as communities
from wardmote.edges.web.requests import Request


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Logins are made on a community's host, since with one comes the first membership."""

    def is_open_for_signup(self, request: Request) -> bool:
        """Open wherever there is a policy to accept."""
        return (
            request.community is not None and communities.current_policy(community_id=request.community.id) is not None
        )

    def get_login_redirect_url(self, request: Request) -> str:
        """Home; or, for a login from elsewhere, the page where one joins."""
        if request.community is None:
            return "/"
        standing = communities.standing(community_id=request.community.id, person_id=request.user.pk or 0)
        return "/" if standing is not None else "/join"

    def get_signup_redirect_url(self, request: Request) -> str:
        return self.get_login_redirect_url(request)
