// The media types of load generators' and benchmarks' output, and a guess which one a text is.

export const REPORTS = [
  ['application/vnd.k6.summary+json', 'k6 (summary)'],
  ['application/vnd.jmh+json', 'JMH (JSON)'],
  ['text/vnd.wrk', 'wrk'],
  ['application/vnd.gatling.stats+json', 'Gatling (stats.json)'],
  ['text/vnd.apache-bench', 'Apache Bench'],
  ['text/vnd.locust+csv', 'Locust (CSV)'],
  ['text/vnd.hey', 'hey'],
  ['application/vnd.issue-ledger.metrics+json', 'Metrics as this ledger writes them'],
];

export function reportTypeOf(text, name) {
  const start = text.trimStart();
  if (start.startsWith('[') && /"benchmark"\s*:/.test(start)) {
    return 'application/vnd.jmh+json';
  }
  if (start.startsWith('{')) {
    return /"contents"\s*:/.test(start) && /"numberOfRequests"/.test(start)
      ? 'application/vnd.gatling.stats+json'
      : /^\{\s*"metrics"\s*:\s*\[/.test(start)
        ? 'application/vnd.issue-ledger.metrics+json'
        : 'application/vnd.k6.summary+json';
  }
  if (/^Running .* test @/m.test(start)) {
    return 'text/vnd.wrk';
  }
  if (/ApacheBench/.test(start)) {
    return 'text/vnd.apache-bench';
  }
  if (/^Type,Name,Request Count/m.test(start) || name.endsWith('.csv')) {
    return 'text/vnd.locust+csv';
  }
  return /^Summary:/m.test(start) ? 'text/vnd.hey' : null;
}
