from collections import Counter

import pytest

from wardmote.communities.queries import community_by_slug
from wardmote.config.demo import backlog
from wardmote.config.demo.rules import CLAUSES
from wardmote.edges.cli.main import main
from wardmote.journeys.operator import found_community
from wardmote.journeys.operator.create_login import create_login
from wardmote.kernel.clock import now
from wardmote.moderation.models import Case, Report
from wardmote.moderation.queries import queue_counts

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_demo_gets_a_backlog_of_exactly_that_size() -> None:
    """In an empty database the demo is made too; every report is in a case, and asking again adds none."""
    first = main(["demo", "--reports", "60"])
    plaza = community_by_slug("plaza")
    reports = Report.objects.filter(reporter__person__email__endswith=".invalid").count()
    assert plaza is not None
    undecided = Case.objects.filter(community_id=plaza.id).exclude(state="decided")
    counts = queue_counts(community_id=plaza.id, now=now())

    assert first == 0
    assert reports == 60
    assert counts.threat_open > 0
    assert counts.general_open > 0
    assert counts.threat_open + counts.general_open + counts.claimed == undecided.count()


def test_a_communitys_own_database_gets_no_backlog(capsys: pytest.CaptureFixture[str]) -> None:
    """Where somebody has founded a community of their own, the command refuses in one line and writes nothing."""
    alice = create_login(email="alice@example.org", password=None, now=now())
    found_community.found_community(
        slug="plaza",
        title="Another",
        tagline="",
        domain="plaza.example.org",
        owner_id=alice,
        policy_title="Ours",
        clauses=CLAUSES,
        now=now(),
    )
    status = main(["demo", "--reports", "5"])

    assert status == 1
    assert "This database has communities of its own" in capsys.readouterr().err
    assert not Report.objects.exists()


def test_the_backlog_is_the_same_for_the_same_seed_and_mostly_about_what_breaks_rules() -> None:
    """Texts, authors and reports repeat; a few posts draw many reports; nobody reports one post twice or their own."""
    moment = now()
    posts = backlog.make_posts(300, now=moment)
    reports = backlog.make_reports(400, posts, now=moment)
    by_id = {post.id: post for post in posts}
    about = Counter(report.item for report in reports)

    assert posts == backlog.make_posts(300, now=moment)
    assert reports == backlog.make_reports(400, posts, now=moment)
    assert len({(report.item, report.reporter) for report in reports}) == 400
    assert all(by_id[report.item].author != report.reporter for report in reports)
    assert all(by_id[report.item].created_at <= report.created_at <= moment for report in reports)
    assert sum(1 for report in reports if not report.item.endswith("-ordinary")) > 280
    assert about.most_common(1)[0][1] >= 5
