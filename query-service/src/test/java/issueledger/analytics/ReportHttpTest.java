package issueledger.analytics;

import static issueledger.query.Happenings.CONFIRMED;
import static issueledger.query.Happenings.FIXED;
import static issueledger.query.Happenings.REOPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.latency;
import static issueledger.query.Happenings.opened;
import static issueledger.query.Happenings.sampled;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.MetricKind;
import issueledger.query.QueryServiceTest;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** {@code GET /analytics/report}. */
class ReportHttpTest extends QueryServiceTest {
    private static final String WEEK = "from=2019-03-04T00:00:00Z&to=2019-03-11T00:00:00Z&label=report";

    private void at(String issue, String time, issueledger.events.IssueEvent... events) {
        seen(recorder().record(issue, "ada", Instant.parse(time), events[0]));
        for (int i = 1; i < events.length; i++) {
            seen(recorder().record(issue, "ada", Instant.parse(time), events[i]));
        }
    }

    /**
     * In the week: report-1 was opened, fixed and closed as confirmed after 2 days, then reopened; its latency went from 5200 to 340. report-2
     * was opened 10 days before the week's end.
     */
    @Test
    void it_says_what_happened_in_its_window() {
        at(
                "report-2",
                "2019-03-01T00:00:00Z",
                opened("Search <b>slow</b> | [x](javascript:alert(1))", "Slow.", "report"));
        at("report-2", "2019-03-02T00:00:00Z", STARTED, new IssueAssigned("mara"));
        at("report-1", "2019-03-05T00:00:00Z", opened("POST /orders takes 5 s", "Slow.", "report"));
        at("report-1", "2019-03-05T06:00:00Z", STARTED, latency(MetricKind.BASELINE, "5200"), TESTING);
        at("report-1", "2019-03-06T00:00:00Z", FIXED, latency(MetricKind.MEASURED, "340"));
        at("report-1", "2019-03-07T00:00:00Z", CONFIRMED);
        at("report-1", "2019-03-10T00:00:00Z", REOPENED);

        var answer = query.get("/analytics/report?" + WEEK);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/markdown;charset=UTF-8");
        assertThat(answer.body())
                .startsWith("# Performance issues, 2019-03-04 to 2019-03-11\n")
                .contains("- 1 opened, 1 fixed, 1 closed, 1 reopened\n")
                .contains("- 2 of 2 issues open at the end: 1 open, 1 in progress, 0 testing, 0 fixed\n")
                .contains("- no confirmed closing, so no lead time\n")
                .contains("## Opened\n\n- 2019-03-05 [POST \\/orders takes 5 s](../issues/report-1)\n")
                .contains("## Closed\n\n- 2019-03-07 [POST \\/orders takes 5 s](../issues/report-1), confirmed\n")
                .contains("## Reopened\n\n- 2019-03-10 ")
                .contains("- [report\\-1](../issues/report-1): p95 latency in production from 5200 to 340 ms (93.46 %"
                        + " better); verdict: cannot tell (too few samples)")
                .contains("## Got worse\n\nNone.\n")
                .contains("| in progress | none | mara | 10 days | 9 days |")
                .contains("| 2019-03-04 | 1 | 1 | 0 | 0 | 0 |");
    }

    @Test
    void it_has_the_verdicts_on_what_was_measured() {
        at(
                "report-4",
                "2017-03-07T00:00:00Z",
                opened("Slow", "Slow.", "report-verdict"),
                sampled(MetricKind.BASELINE, "100", "101", "102", "103", "104"),
                sampled(MetricKind.MEASURED, "50", "51", "52", "53", "54"));

        assertThat(query.get("/analytics/report?from=2017-03-06T00:00:00Z&to=2017-03-13T00:00:00Z&label=report-verdict")
                        .body())
                .contains("## Got better\n\n"
                        + "- [report\\-4](../issues/report-4): p95 latency in production from 100 to 50 ms (50 %"
                        + " better); verdict: better (p 0.0079, change -49.02 %, between -51.92 % and -46 %)\n");
    }

    @Test
    void as_a_page_it_has_the_same_and_no_markup_of_a_title() {
        at("report-3", "2018-03-05T00:00:00Z", opened("A <script>alert(1)</script> *b*", "Slow.", "report-page"));

        var page = query.get(
                "/analytics/report?from=2018-03-05T00:00:00Z&to=2018-03-12T00:00:00Z&label=report-page",
                "Accept",
                "text/html");

        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(page.body())
                .contains("<h2>Opened</h2>")
                .contains("A &lt;script&gt;alert(1)&lt;/script&gt; *b*")
                .contains("<table>")
                .doesNotContain("<script>");
    }

    @Test
    void a_blank_week_reads_well_too() {
        var answer = query.get("/analytics/report?from=2001-01-01T00:00:00Z&to=2001-01-08T00:00:00Z");
        assertThat(answer.body())
                .contains("- 0 opened, 0 fixed, 0 closed, 0 reopened\n")
                .contains("## Oldest open issues\n\nNone is open.\n")
                .contains("| 2001-01-01 | 0 | 0 | 0 | 0 | 0 |");
        assertThat(query.get("/analytics/report?from=2001-01-08T00:00:00Z&to=2001-01-01T00:00:00Z")
                        .body())
                .contains("The window is empty.");
    }

    @Test
    void it_is_markdown_or_html_and_takes_the_parameters_of_its_answers() {
        query.get("/analytics/report", "Accept", "application/json").isProblem(406, "not-acceptable");
        query.get("/analytics/report?limit=3").isMalformed("limit");
        query.get("/analytics/report?from=yesterday").isMalformed("from");
        query.get("/analytics/report?bucket=year").isMalformed("bucket");
    }
}
