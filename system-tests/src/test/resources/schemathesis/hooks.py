"""Teaches schemathesis the media types of Issue Ledger: lines of JSON, documents and reports."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def as_lines(ctx, value):
    if isinstance(value, list):
        return "".join(json.dumps(each) + "\n" for each in value).encode()
    return str(value).encode("utf-8", "surrogatepass")


@schemathesis.serializer(
    "text/markdown",
    "text/vnd.wrk",
    "text/vnd.apache-bench",
    "text/vnd.locust+csv",
    "text/vnd.hey",
)
def as_text(ctx, value):
    return str(value).encode("utf-8", "surrogatepass")


@schemathesis.deserializer("application/x-ndjson")
def of_lines(ctx, response):
    return [json.loads(line) for line in response.content.decode().splitlines() if line.strip()]


@schemathesis.deserializer("text/markdown", "text/html", "text/plain", "text/csv")
def of_text(ctx, response):
    return response.content.decode()
