"""Teaches schemathesis the media types of Issue Ledger, and what the contract refuses although no schema can say it."""

import json

import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance

REPORTS = ("text/vnd.wrk", "text/vnd.apache-bench", "text/vnd.locust+csv", "text/vnd.hey")


@schemathesis.serializer("application/x-ndjson")
def as_lines(ctx, value):
    if isinstance(value, list):
        return "".join(json.dumps(each) + "\n" for each in value).encode()
    return str(value).encode("utf-8", "surrogatepass")


@schemathesis.serializer("text/markdown", *REPORTS)
def as_text(ctx, value):
    return str(value).encode("utf-8", "surrogatepass")


@schemathesis.deserializer("application/x-ndjson")
def of_lines(ctx, response):
    return [json.loads(line) for line in response.content.decode().splitlines() if line.strip()]


@schemathesis.deserializer("text/markdown", "text/html", "text/plain", "text/csv")
def of_text(ctx, response):
    return response.content.decode()


def problem_of(response):
    return json.loads(response.content) if response.status_code >= 400 else {}


def places(problem):
    return [error.get("pointer", error.get("parameter", "line")) for error in problem.get("errors", [])]


# The clauses of docs/api.md and docs/commands.md that no schema can say; each with the refusals that follow from it.
EXCEPTIONS = {
    "a document is read by its own rules, and so is a tool's output, whose query parameters depend on its media type": lambda case, problem: (
        (case.media_type == "text/markdown" or case.path.endswith("/import-metrics")) and problem["status"] in (400, 422)
    ),
    "effectiveAt: not before 1970 and at most 5 minutes in the future, else 422": lambda case, problem: (
        problem["status"] == 422 and set(places(problem)) == {"/effectiveAt"}
    ),
    "a decimal has at most 18 significant digits": lambda case, problem: (
        problem["status"] == 422
        and all("significant digits" in error["detail"] or place == "/effectiveAt" for error, place in zip(problem["errors"], places(problem)))
    ),
    "a cursor is one that a page gave, not with after; version is not with asOf; over 25,000 buckets is 400; a forecast needs 10 closed issues": (
        lambda case, problem: places(problem) in (["cursor"], ["asOf"], ["bucket"], ["to"])
    ),
    "waivers: each requirement once": lambda case, problem: (
        problem["status"] == 422 and any(place.startswith("/waivers/") for place in places(problem))
    ),
}


@schemathesis.check
def good_requests_are_taken(ctx, response, case):
    if response.status_code in (400, 422) and any(told(case, problem_of(response)) for told in EXCEPTIONS.values()):
        return None
    return positive_data_acceptance(ctx, response, case)


@schemathesis.check
def no_server_error_but_not_yet(ctx, response, case):
    if response.status_code == 503 and problem_of(response)["type"] == "/problems/not-yet":
        return None
    return not_a_server_error(ctx, response, case)
