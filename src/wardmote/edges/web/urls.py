"""Addresses of the members' pages."""

from django.urls import path, register_converter

from wardmote.edges.web import language, paths
from wardmote.edges.web.views import (
    demo,
    elsewhere,
    feeds,
    front,
    handoff,
    notices,
    owner,
    policies,
    posts,
    profiles,
    record,
    reports,
    way_back,
    why,
)
from wardmote.edges.web.views.desk import moderators

register_converter(paths.HandlePath, "handle")
register_converter(paths.IdPath, "id")
register_converter(paths.NumberPath, "number")
register_converter(paths.PlacePath, "place")

urlpatterns = [
    path("", front.front, name="front"),
    path("record", record.show, name="record"),
    path("record/checkpoint", record.checkpoint, name="checkpoint"),
    path("record/find", record.find, name="find_entry"),
    path("record/entries/<place:index>", record.show_entry, name="entry"),
    path("local", feeds.Local.as_view(), name="local"),
    path("people", feeds.People.as_view(), name="people"),
    path("post", posts.Write.as_view(), name="write"),
    path("@<handle:handle>", feeds.Profile.as_view(), name="profile"),
    path("@<handle:handle>/follow", profiles.Follow.as_view(), name="follow"),
    path("@<handle:handle>/unfollow", profiles.Unfollow.as_view(), name="unfollow"),
    path("@<handle:handle>/report", reports.ReportProfile.as_view(), name="report_profile"),
    path("@<handle:handle>/<id:post_id>", posts.ShowPost.as_view(), name="post"),
    path("@<handle:handle>/<id:post_id>/reply", posts.Reply.as_view(), name="reply"),
    path("@<handle:handle>/<id:post_id>/edit", posts.Edit.as_view(), name="edit"),
    path("@<handle:handle>/<id:post_id>/delete", posts.Delete.as_view(), name="delete"),
    path("@<handle:handle>/<id:post_id>/history", posts.History.as_view(), name="history"),
    path("@<handle:handle>/<id:post_id>/report", reports.ReportPost.as_view(), name="report_post"),
    path("settings", profiles.Settings.as_view(), name="settings"),
    path("settings/export", profiles.Export.as_view(), name="export"),
    path("settings/erase", profiles.Erase.as_view(), name="erase"),
    path("policy", policies.Policy.as_view(), name="policy"),
    path("policy/accept", policies.Accept.as_view(), name="accept"),
    path("policy/<number:number>", policies.Policy.as_view(), name="policy_version"),
    path("language", language.choose, name="language"),
    path("join", policies.Join.as_view(), name="join"),
    path("notices", notices.Inbox.as_view(), name="notices"),
    path("notices/<id:notice_id>", notices.Notice.as_view(), name="notice"),
    path("why/<id:decision_id>", why.Why.as_view(), name="why"),
    path("why/<id:decision_id>/appeal", why.Appeal.as_view(), name="appeal"),
    path("appeal/<slug:token>", elsewhere.OutsideAppeal.as_view(), name="outside_appeal"),
    path("accounts/back/<slug:token>", way_back.take_back, name="way_back"),
    path("measures", why.Measures.as_view(), name="measures"),
    path("reports", reports.MyReports.as_view(), name="reports"),
    path("go/<slug:slug>", handoff.go, name="go"),
    path("demo/<slug:slug>", demo.enter, name="demo_enter"),
    path("demo-arrive", demo.arrive, name="demo_arrive"),
    path("arrive", handoff.arrive, name="arrive"),
    path("owner/", owner.Desk.as_view(), name="owner"),
    path("owner/moderators", moderators.Moderators.as_view(), name="owner_moderators"),
    path("owner/moderators/<id:member_id>/dismiss", moderators.Dismiss.as_view(), name="owner_dismiss"),
    path(
        "owner/moderators/invitations/<id:invitation_id>/withdraw",
        moderators.Withdraw.as_view(),
        name="owner_withdraw_invitation",
    ),
    path("invitations/<id:invitation_id>", moderators.Invitation.as_view(), name="invitation"),
    path("settings/moderating", moderators.StepDown.as_view(), name="step_down"),
    path("owner/export", owner.Export.as_view(), name="owner_export"),
    path("owner/host", owner.NameHost.as_view(), name="owner_host"),
    path("owner/policy", owner.HostPolicy.as_view(), name="owner_policy"),
    path("owner/notices/<id:letter_id>", owner.Letter.as_view(), name="owner_notice"),
    path("owner/notices/<id:letter_id>/answer", owner.AnswerLetter.as_view(), name="owner_answer_notice"),
    path("owner/notices/<id:letter_id>/items/<id:item_id>", owner.AnswerItem.as_view(), name="owner_answer_item"),
    path("owner/receipts/<id:receipt_id>", owner.Receipt.as_view(), name="owner_receipt"),
    path("host/notices/<id:letter_id>", owner.Letter.as_view(), name="letter_from_mail"),
]
