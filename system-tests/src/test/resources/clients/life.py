"""A full life of an issue, bulk and the list of events, through the clients that openapi-python-client has generated.

Its arguments are the addresses of the command service and of the query service.
"""

import json
import sys
from io import BytesIO

from issue_ledger_commands import Client as Commands
from issue_ledger_commands.api.commands import (
    add_reference,
    advance_phase,
    assess_impact,
    close_issue,
    define_testing_strategy,
    link_file,
    mark_fixed,
    plan_phases,
    propose_solution,
    record_metric,
    record_note,
    record_root_cause,
    record_test_run,
    run_commands,
    start_testing,
    start_work,
    withdraw_metric,
)
from issue_ledger_commands.api.open_ import open_issue
from issue_ledger_commands.api.read import allowed_commands
from issue_ledger_commands import models as c
from issue_ledger_commands.types import File
from issue_ledger_queries import Client as Queries
from issue_ledger_queries.api.history import read_events, read_timeline
from issue_ledger_queries.api.issues import list_issues, read_issue, read_metrics
from issue_ledger_queries import models as q

ID = "by-python"
commands = Commands(base_url=sys.argv[1])
queries = Queries(base_url=sys.argv[2])


def accepted(answer, *events):
    assert isinstance(answer, c.Accepted), answer
    assert answer.events == list(events), answer
    return answer


def do(command, body, *events, **more):
    return accepted(command.sync(ID, client=commands, body=body, x_actor="mara", **more), *events)


def metric(kind, value):
    return c.RecordMetric(
        kind=c.RecordMetricKind(kind),
        name="latency",
        statistic=c.RecordMetricStatistic("P95"),
        unit="ms",
        value=value,
        better=c.RecordMetricBetterType0("LOWER"),
    )


opening = c.OpenIssue(id=ID, title="Slow orders", description=c.Description(text="5 s.", symptoms=["time-outs"]))
dry = open_issue.sync(client=commands, body=opening, dry_run=True)
assert dry.dry_run is True, dry
accepted(open_issue.sync(client=commands, body=opening, idempotency_key="python-open"), "IssueOpened")
again = open_issue.sync_detailed(client=commands, body=opening, idempotency_key="python-open")
assert again.headers["Idempotent-Replayed"] == "true"

refused = start_testing.sync(ID, client=commands, body=c.StartTesting())
assert isinstance(refused, c.ProblemRejected), refused
assert refused.reason == "WRONG_STATUS" and "start-work" in refused.allowed_commands, refused
invalid = record_note.sync(ID, client=commands, body=c.RecordNote(kind=c.RecordNoteKind("DECISION"), text=" "))
assert isinstance(invalid, c.ProblemInvalid) and invalid.errors[0].pointer == "/text", invalid
unknown = start_work.sync("nobody-opened-this", client=commands, body=c.StartWork())
assert isinstance(unknown, c.ProblemUnknownIssue), unknown

do(record_root_cause, c.RecordRootCause(technical_cause="No index."), "RootCauseRecorded")
do(
    assess_impact,
    c.AssessImpact(severity=c.AssessImpactSeverity("HIGH"), affected_users=c.AffectedUsers(percentage=15)),
    "ImpactAssessed",
)
do(propose_solution, c.ProposeSolution(approach="An index."), "SolutionProposed")
do(plan_phases, c.PlanPhases(phases=[c.PlannedPhase(name="Index"), c.PlannedPhase(name="Watch")]), "PhasesPlanned")
do(define_testing_strategy, c.DefineTestingStrategy(unit_tests=["the query"]), "TestingStrategyDefined")
do(link_file, c.LinkFile(path="src/orders.py", purpose="The query"), "RelatedFileLinked")
do(add_reference, c.AddReference(title="Manual", url="https://example.org/"), "ReferenceAdded")
do(start_work, c.StartWork(), "WorkStarted", "PhaseStarted")
do(record_metric, metric("BASELINE", 5200), "MetricRecorded")
do(record_metric, metric("TARGET", 500), "MetricRecorded")
wrong = do(record_metric, metric("MEASURED", 34000), "MetricRecorded")
do(withdraw_metric, c.WithdrawMetric(metric=wrong.metric, reason="a wrong host"), "MetricWithdrawn")
do(record_metric, metric("MEASURED", 340), "MetricRecorded")
do(advance_phase, c.AdvancePhase(phase=1), "PhaseCompleted", "PhaseStarted")
do(advance_phase, c.AdvancePhase(phase=2), "PhaseCompleted")
do(start_testing, c.StartTesting(), "TestingStarted")
do(
    record_test_run,
    c.RecordTestRun(kind=c.RecordTestRunKind("UNIT"), outcome=c.RecordTestRunOutcome("PASSED"), passed=12),
    "TestRunRecorded",
)
do(mark_fixed, c.MarkFixed(release="2.1"), "IssueFixed")
allowed = allowed_commands.sync(ID, client=commands)
assert isinstance(allowed, c.AllowedCommands) and "close" in allowed.allowed, allowed
last = do(close_issue, c.CloseIssue(resolution=c.CloseIssueResolution("CONFIRMED")), "IssueClosed")

lines = [
    c.OpenIssueLine(command="open-issue", body=c.OpenIssue(title="Zanzibar", description=c.Description(text="1 s."), id="by-bulk")),
    c.RecordNoteLine(
        command="record-note", issue_id="by-bulk", body=c.RecordNote(kind=c.RecordNoteKind("PROGRESS"), text="seen")
    ),
    c.StartWorkLine(command="start-work", issue_id="by-bulk"),
    c.StartWorkLine(command="start-work", issue_id="by-bulk"),
]
body = "".join(json.dumps(line.to_dict()) + "\n" for line in lines).encode()
for dry_run in (True, False):
    bulk = run_commands.sync_detailed(client=commands, body=File(payload=BytesIO(body)), dry_run=dry_run)
    results = [json.loads(line) for line in bulk.content.decode().splitlines()]
    assert [result["status"] for result in results] == [201, 200, 200, 409], results
last = results[2]["position"]

issue = read_issue.sync(ID, client=queries, ledger_min_position=last)
assert isinstance(issue, q.Issue), issue
assert issue.status == "CLOSED" and issue.root_cause.technical_cause == "No index.", issue
assert issue.metrics[0].target_met is True, issue.metrics
series = read_metrics.sync(ID, client=queries)
assert series.items[0].improvement_percent == 93.46, series
listed = list_issues.sync(client=queries, q="zanzibar")
assert [item.id for item in listed.items] == ["by-bulk"], listed
timeline = read_timeline.sync(ID, client=queries)
assert timeline.items[-1].kind == "STATUS" and timeline.items[-1].detail["resolution"] == "CONFIRMED", timeline.items[-1]

counted = 0
page = read_events.sync(client=queries, limit=10)
while True:
    for event in page.items:
        assert type(event).__name__ == event.type_ + "Event", event
        assert type(event.payload).__name__ == event.type_, event
        counted += 1
    if page.next_cursor is None:
        break
    page = read_events.sync(client=queries, limit=10, cursor=page.next_cursor)
assert counted >= last, (counted, last)
print(f"{counted} events, each of its own class")
