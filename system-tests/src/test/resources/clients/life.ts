// A life of an issue, bulk and the list of events, through the types that openapi-typescript has generated: tsc checks it, node runs it.
// Its arguments are the addresses of the command service and of the query service.
import createClient from "openapi-fetch";
import type { components, paths as CommandPaths } from "./commands";
import type { components as QueryComponents, paths as QueryPaths } from "./queries";

const [, , commandUrl, queryUrl] = process.argv;
const commands = createClient<CommandPaths>({ baseUrl: commandUrl });
const queries = createClient<QueryPaths>({ baseUrl: queryUrl });
const id = "by-typescript";
const path = { id };

type Accepted = components["schemas"]["Accepted"];
type CommandLine = components["schemas"]["CommandLine"];
type EventItem = QueryComponents["schemas"]["EventItem"];
type Issue = QueryComponents["schemas"]["Issue"];
type Page = { items: EventItem[]; nextCursor: string | null };

function accepted(answer: { data?: Accepted; error?: unknown }, ...events: string[]): Accepted {
  if (!answer.data || answer.data.events.join() !== events.join()) {
    throw new Error(JSON.stringify(answer.data ?? answer.error));
  }
  return answer.data;
}

function assert(holds: boolean, what: unknown): asserts holds {
  if (!holds) {
    throw new Error(JSON.stringify(what));
  }
}

// The discriminator tells the compiler which payload an event has.
function told(event: EventItem): string {
  switch (event.type) {
    case "IssueOpened":
      return event.payload.title;
    case "RootCauseRecorded":
      return event.payload.technicalCause;
    case "MetricRecorded":
      return `${event.payload.name} ${event.payload.value}`;
    case "IssueClosed":
      return event.payload.resolution;
    default:
      return event.type;
  }
}

async function life(): Promise<void> {
  const body = { id, title: "Slow orders", description: { text: "5 s." } };
  const headers = { "Idempotency-Key": "typescript-open" };
  accepted(await commands.POST("/issues", { body, params: { header: headers } }), "IssueOpened");

  const refused = await commands.POST("/issues/{id}/start-testing", { params: { path }, body: {} });
  const problem = refused.error;
  assert(problem !== undefined && problem.type === "/problems/rejected" && "reason" in problem, problem);
  assert(problem.reason === "WRONG_STATUS", problem);

  accepted(
    await commands.POST("/issues/{id}/record-root-cause", { params: { path }, body: { technicalCause: "No index." } }),
    "RootCauseRecorded",
  );
  accepted(await commands.POST("/issues/{id}/start-work", { params: { path }, body: {} }), "WorkStarted");
  for (const [kind, value] of [["BASELINE", 5200], ["MEASURED", 340]] as const) {
    accepted(
      await commands.POST("/issues/{id}/record-metric", {
        params: { path },
        body: { kind, name: "latency", statistic: "P95", unit: "ms", value, better: "LOWER", environment: "production" },
      }),
      "MetricRecorded",
    );
  }
  accepted(await commands.POST("/issues/{id}/start-testing", { params: { path }, body: {} }), "TestingStarted");
  accepted(await commands.POST("/issues/{id}/mark-fixed", { params: { path }, body: { release: "2.1" } }), "IssueFixed");
  accepted(
    await commands.POST("/issues/{id}/close", { params: { path }, body: { resolution: "CONFIRMED" } }),
    "IssueClosed",
  );

  const lines: CommandLine[] = [
    { command: "record-note", issueId: id, body: { kind: "PROGRESS", text: "seen" } },
    { command: "start-work", issueId: id },
  ];
  const bulk = await commands.POST("/commands", {
    body: lines,
    headers: { "Content-Type": "application/x-ndjson" },
    bodySerializer: (given) => (given as CommandLine[]).map((line) => JSON.stringify(line) + "\n").join(""),
    parseAs: "text",
  });
  const results = String(bulk.data).trim().split("\n").map((line) => JSON.parse(line));
  assert(results.map((result) => result.status).join() === "200,409", results);

  // Both paths also answer other media types; as they are asked here, JSON.
  const read = await queries.GET("/issues/{id}", {
    params: { path, header: { "Ledger-Min-Position": results[0].position } },
  });
  const issue = read.data as Issue;
  assert(issue.status === "CLOSED" && issue.metrics[0].improvement === 0.9346, issue);

  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const answer = await queries.GET("/events", { params: { query: { issueId: id, limit: 3, cursor } } });
    assert(answer.data !== undefined, answer.error);
    const page = answer.data as Page;
    page.items.forEach((event) => seen.push(told(event)));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  assert(
    seen.join() ===
      "Slow orders,No index.,WorkStarted,latency 5200,latency 340,TestingStarted,IssueFixed,CONFIRMED,NoteRecorded",
    seen,
  );
  console.log(`${seen.length} events, each of its own type`);
}

life().catch((failure) => {
  console.error(failure);
  process.exit(1);
});
