package issueledger.web;

import static issueledger.web.Bodies.bound;
import static issueledger.web.Bodies.command;
import static issueledger.web.Bodies.invalid;
import static issueledger.web.Bodies.malformed;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.Description;
import issueledger.events.IssueEvent.IssueOpened;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricRun;
import issueledger.events.ReferenceKind;
import issueledger.events.Requirement;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.AddReference;
import issueledger.issue.IssueCommand.AdvancePhase;
import issueledger.issue.IssueCommand.AssessImpact;
import issueledger.issue.IssueCommand.AssignIssue;
import issueledger.issue.IssueCommand.ChangeLabels;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.CorrectNote;
import issueledger.issue.IssueCommand.LinkFile;
import issueledger.issue.IssueCommand.MarkFixed;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueCommand.PlanPhases;
import issueledger.issue.IssueCommand.RecordMetric;
import issueledger.issue.IssueCommand.RecordRootCause;
import issueledger.issue.IssueCommand.RecordTestRun;
import issueledger.issue.IssueCommand.ReopenIssue;
import issueledger.issue.IssueCommand.ReviseDescription;
import issueledger.issue.IssueCommand.StartWork;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinderTest {
    private static final String METRIC =
            "\"kind\":\"MEASURED\",\"name\":\"latency\",\"statistic\":\"P95\",\"unit\":\"ms\"";

    // ---- accepted bodies

    @Test
    void a_body_becomes_its_command() {
        OpenIssue open = command(OpenIssue.class, """
            {"id": "slow-orders", "title": "Slow", "labels": ["api", "api"],
             "description": {"text": "5 s", "symptoms": ["spinner"], "endpoints": ["POST /api/orders"]}}\
            """);
        assertThat(open)
                .isEqualTo(new OpenIssue(
                        "slow-orders",
                        new IssueOpened(
                                "Slow",
                                new Description(
                                        "5 s", List.of("spinner"), List.of(), null, List.of("POST /api/orders")),
                                List.of("api"))));
    }

    @Test
    void reason_and_effective_time_go_with_every_command() {
        Binder.Bound bound =
                bound("start-testing", "{\"reason\":\"done\",\"effectiveAt\":\"2026-02-14T10:00:00.1239+01:00\"}");
        assertThat(bound.reason()).isEqualTo("done");
        assertThat(bound.effectiveAt()).isEqualTo(Instant.parse("2026-02-14T09:00:00.123Z"));
    }

    @Test
    void null_is_the_same_as_absent() {
        assertThat(command(LinkFile.class, "{\"path\":\"a.py\",\"purpose\":null}"))
                .isEqualTo(command(LinkFile.class, "{\"path\":\"a.py\"}"));
        assertThat(command(RecordRootCause.class, "{\"technicalCause\":\"N+1\",\"contributingFactors\":null}"))
                .isEqualTo(command(RecordRootCause.class, "{\"technicalCause\":\"N+1\"}"));
        assertThat(command(AssignIssue.class, "{\"assignee\":null}")).isEqualTo(command(AssignIssue.class, "{}"));
        assertThat(command(AssessImpact.class, "{\"severity\":\"LOW\",\"affectedUsers\":null}")
                        .impact()
                        .affectedUsers())
                .isNull();
        assertThat(invalid("link-file", "{\"path\":null}")).containsExactly("/path");
        assertThat(invalid("advance-phase", "{\"phase\":null}")).containsExactly("/phase");
    }

    @Test
    void affected_users_of_whom_nothing_is_said_are_an_object_of_nulls() {
        assertThat(command(AssessImpact.class, "{\"severity\":\"LOW\",\"affectedUsers\":{}}")
                        .impact()
                        .affectedUsers())
                .isNotNull()
                .extracting("description", "percentage", "count")
                .containsOnlyNulls();
    }

    @Test
    void defaults_are_filled_in() {
        assertThat(command(RecordMetric.class, "{" + METRIC + ",\"value\":1}")
                        .metric()
                        .environment())
                .isEqualTo("production");
        assertThat(command(AddReference.class, "{\"title\":\"Profile\"}").kind())
                .isEqualTo(ReferenceKind.OTHER);
        assertThat(command(StartWork.class, "{}").startedOn()).isNull();
    }

    @Test
    void dates_and_phases_are_read() {
        assertThat(command(PlanPhases.class, """
            {"phases": [{"name": "Cache", "plannedStart": "2026-02-14", "plannedEnd": "2026-02-14"}]}\
            """).plan().phases().get(0).plannedEnd())
                .isEqualTo(LocalDate.parse("2026-02-14"));
    }

    @Test
    void line_breaks_become_lf_before_lengths_count() {
        String longest = "\\r\\n".repeat(9_999) + "xx";
        assertThat(command(RecordRootCause.class, "{\"technicalCause\":\"a\\r\\nb\\rc\"}")
                        .cause()
                        .technicalCause())
                .isEqualTo("a\nb\nc");
        assertThat(command(RecordRootCause.class, "{\"technicalCause\":\"" + longest + "\"}")
                        .cause()
                        .technicalCause())
                .hasSize(10_001);
    }

    @Test
    void characters_are_code_points() {
        String snails = "\uD83D\uDC0C".repeat(200);
        assertThat(command(LinkFile.class, "{\"path\":\"" + snails + "\"}")
                        .link()
                        .path())
                .isEqualTo(snails);
        assertThat(invalid("link-file", "{\"path\":\"" + snails + "x\"}")).containsExactly("/path");
    }

    static List<String> names() {
        return List.copyOf(IssueCommand.BY_NAME.keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void every_command_takes_a_reason_and_an_effective_time_and_no_other_unknown_field(String name) {
        assertThat(malformed(name, "{\"reason\":1,\"effectiveAt\":2,\"nonsense\":3}"))
                .containsExactlyInAnyOrder("/reason", "/effectiveAt", "/nonsense");
    }

    // ---- numbers

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1.0, 1",
        "1e2, 100",
        "100e-2, 1",
        "0e999999999, 0",
        "0.0e99999999999999999999, 0",
        "-0.0, 0",
        "9223372036854775807, 9223372036854775807",
        "922337203685477580.7e1, 9223372036854775807"
    })
    void whole_numbers_are_integers_however_they_are_written(String written, long number) {
        assertThat(command(AdvancePhase.class, "{\"phase\":" + written + "}")
                        .completion()
                        .phase())
                .isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5",
                "0.0000001",
                "1e400",
                "1e-400",
                "1e999999999",
                "1e2147483647",
                "1e2147483648",
                "1e99999999999999999999",
                "-1e99999999999999999999",
                "1e-99999999999999999999",
                "9223372036854775808",
                "-9223372036854775809",
                "1234567890123456789012345678901234567890"
            })
    void a_fraction_and_a_number_out_of_range_are_invalid_and_not_malformed(String written) {
        assertThat(invalid("advance-phase", "{\"phase\":" + written + "}")).containsExactly("/phase");
    }

    @Test
    void a_number_of_any_length_is_json() {
        for (String number : List.of("9".repeat(900_000), "1." + "0".repeat(900_000), "-0." + "1".repeat(900_000))) {
            assertThat(invalid("advance-phase", "{\"phase\":" + number + "}")).containsExactly("/phase");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5200",
                "0.3400",
                "0.000000000000000001",
                "123456789.123456789",
                "999999999999999",
                "999999999999999.999",
                "-999999999999999",
                "0.1"
            })
    void a_decimal_is_kept_exactly(String written) {
        assertThat(valueOf(written)).isEqualTo(new BigDecimal(written));
    }

    @ParameterizedTest
    @CsvSource({
        "1e2, 100",
        "15.000000000000000000000000000000, 15",
        "0e400, 0",
        "0.0000000000000000000000000, 0",
        "1.5E+3, 1500",
        "1e-18, 0.000000000000000001"
    })
    void a_decimal_with_an_exponent_or_many_zeros_is_the_same_number(String written, String number) {
        assertThat(valueOf(written)).isEqualByComparingTo(number);
        assertThat(valueOf(written).scale()).isBetween(0, 18);
    }

    private static BigDecimal valueOf(String written) {
        return command(RecordMetric.class, "{" + METRIC + ",\"value\":" + written + "}")
                .metric()
                .value();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1234567890123456789",
                "1.234567890123456789",
                "0.0000000000000000001",
                "1000000000000000",
                "-1e15",
                "1e400",
                "1e-400",
                "1e999999999",
                "-1e-999999999",
                "1e99999999999999999999"
            })
    void a_decimal_with_too_many_digits_or_out_of_range_is_invalid(String written) {
        assertThat(invalid("record-metric", "{" + METRIC + ",\"value\":" + written + "}"))
                .containsExactly("/value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.1", "100.01", "1e3"})
    void a_percentage_is_from_0_to_100(String written) {
        assertThat(invalid(
                        "assess-impact", "{\"severity\":\"LOW\",\"affectedUsers\":{\"percentage\":" + written + "}}"))
                .containsExactly("/affectedUsers/percentage");
    }

    @Test
    void counts_are_not_negative() {
        assertThat(invalid(
                        "record-test-run",
                        "{\"kind\":\"UNIT\",\"outcome\":\"PASSED\",\"passed\":-1,\"failed\":-2,\"skipped\":0}"))
                .containsExactly("/passed", "/failed");
        assertThat(command(RecordTestRun.class, "{\"kind\":\"UNIT\",\"outcome\":\"PASSED\",\"passed\":0}")
                        .run()
                        .passed())
                .isZero();
    }

    // ---- 400

    @Test
    void an_unknown_field_is_named_with_its_place() {
        assertThat(malformed("open-issue", """
            {"title": "Slow", "description": {"text": "5 s", "a/b~c": 1}, "": 2, "Title": "x", "ünï": 3}\
            """))
                .containsExactlyInAnyOrder("/description/a~1b~0c", "/", "/Title", "/ünï");
        assertThat(malformed("plan-phases", "{\"phases\":[{\"name\":\"Cache\"},{\"name\":\"Index\",\"number\":2}]}"))
                .containsExactly("/phases/1/number");
    }

    @Test
    void an_unknown_field_is_unknown_even_if_it_is_null_or_is_one_of_the_event() {
        assertThat(malformed("record-note", "{\"kind\":\"PROGRESS\",\"text\":\"seen\",\"note\":null}"))
                .containsExactly("/note");
        assertThat(malformed("add-reference", "{\"title\":\"Profile\",\"reference\":7}"))
                .containsExactly("/reference");
    }

    @Test
    void every_field_of_another_type_is_listed() {
        assertThat(malformed("open-issue", """
            {"id": 7, "title": ["Slow"], "labels": "api",
             "description": {"text": true, "symptoms": [1, "ok", {}], "userImpact": 1.5}}\
            """))
                .containsExactlyInAnyOrder(
                        "/id",
                        "/title",
                        "/labels",
                        "/description/text",
                        "/description/symptoms/0",
                        "/description/symptoms/2",
                        "/description/userImpact");
        assertThat(malformed("assess-impact", "{\"severity\":1,\"affectedUsers\":[]}"))
                .containsExactlyInAnyOrder("/severity", "/affectedUsers");
        assertThat(malformed("advance-phase", "{\"phase\":\"1\"}")).containsExactly("/phase");
        assertThat(malformed("record-metric", "{" + METRIC + ",\"value\":\"NaN\"}"))
                .containsExactly("/value");
        assertThat(malformed("start-work", "{\"startedOn\":20260214}")).containsExactly("/startedOn");
        assertThat(malformed("plan-phases", "{\"phases\":[\"Cache\",[]]}")).containsExactly("/phases/0", "/phases/1");
    }

    @Test
    void wrong_types_and_unknown_fields_are_listed_together_and_before_any_value() {
        assertThat(malformed("correct-note", "{\"note\":\"1\",\"text\":\"\",\"colour\":1}"))
                .containsExactlyInAnyOrder("/note", "/colour");
    }

    // ---- 422

    @Test
    void every_missing_field_is_listed() {
        assertThat(invalid("open-issue", "{}")).containsExactlyInAnyOrder("/title", "/description");
        assertThat(invalid("open-issue", "{\"description\":{}}"))
                .containsExactlyInAnyOrder("/title", "/description/text");
        assertThat(invalid("record-metric", "{}"))
                .containsExactlyInAnyOrder("/kind", "/name", "/statistic", "/unit", "/value");
        assertThat(invalid("correct-note", "{}")).containsExactlyInAnyOrder("/note", "/text", "/reason");
        assertThat(invalid("mark-fixed", "{\"waivers\":[{}]}"))
                .containsExactlyInAnyOrder("/release", "/waivers/0/requirement", "/waivers/0/reason");
    }

    @Test
    void every_bad_value_is_listed_at_once() {
        assertThat(invalid("open-issue", """
            {"id": "no spaces", "title": " ", "labels": ["", "a\\nb", null], "reason": "", "effectiveAt": "soon",
             "description": {"text": "\\u0000", "symptoms": ["ok", null], "endpoints": ["\\u0085"]}}\
            """))
                .containsExactlyInAnyOrder(
                        "/id",
                        "/title",
                        "/labels/0",
                        "/labels/1",
                        "/labels/2",
                        "/reason",
                        "/effectiveAt",
                        "/description/text",
                        "/description/symptoms/1",
                        "/description/endpoints/0");
    }

    @Test
    void a_bad_client_id_is_listed_beside_what_else_is_bad() {
        assertThat(invalid("open-issue", "{\"id\":\"-x\",\"title\":\"\",\"description\":{\"text\":\"5 s\"}}"))
                .containsExactlyInAnyOrder("/id", "/title");
        assertThat(invalid("open-issue", "{\"id\":\"-x\"}")).containsExactlyInAnyOrder("/id", "/title", "/description");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", ".x", "_x", "a b", "a/b", "ä"})
    void an_issue_id_is_of_its_pattern(String id) {
        assertThat(invalid(
                        "open-issue", "{\"id\":\"" + id + "\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}"))
                .containsExactly("/id");
        assertThat(invalid("close", "{\"resolution\":\"DUPLICATE\",\"duplicateOf\":\"" + id + "\"}"))
                .containsExactly("/duplicateOf");
    }

    @Test
    void an_issue_id_has_at_most_64_characters() {
        String body = "{\"id\":\"%s\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}";
        assertThat(command(OpenIssue.class, body.formatted("x".repeat(64))).id())
                .hasSize(64);
        assertThat(invalid("open-issue", body.formatted("x".repeat(65)))).containsExactly("/id");
    }

    @Test
    void a_parent_is_not_blamed_for_its_field() {
        assertThat(invalid("revise-description", "{\"description\":{\"text\":\"\"}}"))
                .containsExactly("/description/text");
        assertThat(invalid("plan-phases", "{\"phases\":[{\"name\":\"\"},{\"name\":\"Index\"}]}"))
                .containsExactly("/phases/0/name");
        assertThat(invalid("define-testing-strategy", "{\"unitTests\":[null]}")).containsExactly("/unitTests/0");
        assertThat(invalid(
                        "close",
                        "{\"resolution\":\"CONFIRMED\",\"waivers\":[{\"requirement\":\"TEA\",\"reason\":\"x\"}]}"))
                .containsExactly("/waivers/0/requirement");
        assertThat(invalid("assess-impact", "{\"severity\":\"HUGE\",\"affectedUsers\":{\"count\":1.5}}"))
                .containsExactlyInAnyOrder("/severity", "/affectedUsers/count");
    }

    @Test
    void a_body_that_needs_at_least_one_field_is_blamed_as_a_whole() {
        assertThat(invalid("revise-description", "{}")).containsExactly("");
        assertThat(invalid("define-testing-strategy", "{\"unitTests\":[]}")).containsExactly("");
    }

    @Test
    void blame_of_the_whole_body_hides_no_other() {
        assertThat(invalid("revise-description", "{\"reason\":\"\"}")).containsExactlyInAnyOrder("", "/reason");
        assertThat(invalid("revise-description", "{\"effectiveAt\":\"soon\"}"))
                .containsExactlyInAnyOrder("", "/effectiveAt");
        assertThat(invalid("define-testing-strategy", "{\"effectiveAt\":\"1969-12-31T23:59:59Z\"}"))
                .containsExactlyInAnyOrder("", "/effectiveAt");
    }

    @Test
    void a_list_that_is_too_long_hides_no_bad_item() {
        String items = IntStream.range(0, 101)
                .mapToObj(i -> i == 3 ? "\"\"" : i == 4 ? "null" : "\"x\"")
                .collect(Collectors.joining(","));
        assertThat(invalid("record-root-cause", "{\"technicalCause\":\"N+1\",\"triggerConditions\":[" + items + "]}"))
                .containsExactlyInAnyOrder("/triggerConditions", "/triggerConditions/3", "/triggerConditions/4");
    }

    @Test
    void lists_have_at_most_100_items() {
        String hundred = String.join(",", Collections.nCopies(100, "\"x\""));
        assertThat(command(
                                RecordRootCause.class,
                                "{\"technicalCause\":\"N+1\",\"triggerConditions\":[" + hundred + "]}")
                        .cause()
                        .triggerConditions())
                .hasSize(100);
    }

    @Test
    void a_plan_has_1_to_20_phases() {
        String phase = "{\"name\":\"x\"}";
        String twenty = String.join(",", Collections.nCopies(20, phase));
        assertThat(command(PlanPhases.class, "{\"phases\":[" + twenty + "]}")
                        .plan()
                        .phases())
                .hasSize(20);
        assertThat(invalid("plan-phases", "{\"phases\":[" + twenty + "," + phase + "]}"))
                .containsExactly("/phases");
        assertThat(invalid("plan-phases", "{\"phases\":[]}")).containsExactly("/phases");
        assertThat(invalid("plan-phases", "{}")).containsExactly("/phases");
        assertThat(invalid("plan-phases", "{\"phases\":[null]}")).containsExactly("/phases/0");
    }

    @Test
    void a_phase_does_not_end_before_it_starts() {
        assertThat(invalid("plan-phases", """
            {"phases": [{"name": "Cache", "plannedStart": "2026-02-14", "plannedEnd": "2026-02-13"}]}\
            """)).containsExactly("/phases/0/plannedEnd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-02-30", "2026-2-1", "14.02.2026", "2026-02-14T00:00:00Z", "", "+12026-02-14"})
    void a_date_is_a_day_of_the_calendar(String text) {
        assertThat(invalid("start-work", "{\"startedOn\":\"" + text + "\"}")).containsExactly("/startedOn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-14",
                "2026-02-14T09:00:00",
                "2026-02-14 09:00:00Z",
                "2026-02-30T09:00:00Z",
                "2026-02-14T25:00:00Z",
                "2026-02-14T09:00Z",
                "20260214T090000Z",
                ""
            })
    void an_instant_is_rfc_3339_with_an_offset(String text) {
        assertThat(invalid("mark-fixed", "{\"release\":\"2.4.1\",\"deployedAt\":\"" + text + "\"}"))
                .containsExactly("/deployedAt");
        assertThat(invalid("start-testing", "{\"effectiveAt\":\"" + text + "\"}"))
                .containsExactly("/effectiveAt");
    }

    @Test
    void an_effective_time_is_neither_before_1970_nor_more_than_5_minutes_ahead() {
        assertThat(effective("1970-01-01T00:00:00Z")).isEqualTo(Instant.EPOCH);
        assertThat(effective("2026-02-14T09:35:00Z")).isEqualTo(Bodies.NOW.plusSeconds(300));
        assertThat(invalid("start-testing", "{\"effectiveAt\":\"1969-12-31T23:59:59.999Z\"}"))
                .containsExactly("/effectiveAt");
        assertThat(invalid("start-testing", "{\"effectiveAt\":\"2026-02-14T09:35:00.001Z\"}"))
                .containsExactly("/effectiveAt");
    }

    private static Instant effective(String text) {
        return bound("start-testing", "{\"effectiveAt\":\"" + text + "\"}").effectiveAt();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"example.org", "ftp://example.org", "https://", "javascript:alert(1)", "http:///x", "http://a b"
            })
    void a_url_is_http_or_https(String url) {
        assertThat(invalid("add-reference", "{\"title\":\"Profile\",\"url\":\"" + url + "\"}"))
                .containsExactly("/url");
    }

    @Test
    void enum_values_are_written_exactly_so() {
        assertThat(invalid("record-note", "{\"kind\":\"progress\",\"text\":\"seen\"}"))
                .containsExactly("/kind");
        assertThat(invalid("record-note", "{\"kind\":\"\",\"text\":\"seen\"}")).containsExactly("/kind");
    }

    @Test
    void half_a_surrogate_pair_is_refused_where_control_characters_are() {
        assertThat(invalid("link-file", "{\"path\":\"a\\ud800\"}")).containsExactly("/path");
        assertThat(invalid("record-root-cause", "{\"technicalCause\":\"\\udc00x\"}"))
                .containsExactly("/technicalCause");
        assertThat(malformed("link-file", "{\"path\":\"a.py\",\"x\\ud800\":1}")).containsExactly("/x\uFFFD");
    }

    @Test
    void a_tab_is_for_texts_and_not_for_lines() {
        assertThat(command(RecordRootCause.class, "{\"technicalCause\":\"a\\tb\"}")
                        .cause()
                        .technicalCause())
                .isEqualTo("a\tb");
        assertThat(invalid("link-file", "{\"path\":\"a\\tb\"}")).containsExactly("/path");
    }

    @Test
    void nothing_is_trimmed() {
        assertThat(command(LinkFile.class, "{\"path\":\" a.py \"}").link().path())
                .isEqualTo(" a.py ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"return-to-work", "reopen"})
    void a_way_back_needs_a_reason(String name) {
        assertThat(invalid(name, "{}")).containsExactly("/reason");
        assertThat(invalid(name, "{\"reason\":\" \"}")).containsExactly("/reason");
        assertThat(bound(name, "{\"reason\":\"not over\"}").reason()).isEqualTo("not over");
    }

    @Test
    void reopening_has_no_field_of_its_own() {
        assertThat(command(ReopenIssue.class, "{\"reason\":\"not over\"}")).isEqualTo(new ReopenIssue());
    }

    @Test
    void a_correction_needs_a_reason() {
        assertThat(invalid("correct-note", "{\"note\":1,\"text\":\"seen\"}")).containsExactly("/reason");
        assertThat(command(CorrectNote.class, "{\"note\":1,\"text\":\"seen\",\"reason\":\"typo\"}")
                        .correction()
                        .note())
                .isEqualTo(1);
    }

    @Test
    void a_metric_may_have_samples_and_the_run_that_gave_them() {
        String metric =
                "{\"kind\":\"MEASURED\",\"name\":\"latency\",\"statistic\":\"P95\",\"unit\":\"ms\",\"value\":340,%s}";
        MetricRecorded recorded = command(
                        RecordMetric.class,
                        metric.formatted(
                                "\"samples\":[340,341.50,-1e2],\"run\":{\"commit\":\"9f2c1e7\",\"url\":\"https://ci.example/8\"}"))
                .metric();
        assertThat(recorded.samples())
                .containsExactly(new BigDecimal("340"), new BigDecimal("341.50"), new BigDecimal("-100"));
        assertThat(recorded.run()).isEqualTo(new MetricRun("9f2c1e7", null, null, "https://ci.example/8"));

        MetricRecorded without = command(RecordMetric.class, metric.formatted("\"samples\":null,\"run\":null"))
                .metric();
        assertThat(without.samples()).isEmpty();
        assertThat(without.run()).isNull();
        assertThat(command(RecordMetric.class, metric.formatted("\"run\":{}"))
                        .metric()
                        .run())
                .isEqualTo(new MetricRun(null, null, null, null));

        assertThat(invalid(
                        "record-metric",
                        metric.formatted("\"samples\":[1,null,1e15],\"run\":{\"commit\":\"\",\"tool\":\"a\\n"
                                + "b\",\"url\":\"ftp://x\"}")))
                .containsExactlyInAnyOrder("/samples/1", "/samples/2", "/run/commit", "/run/tool", "/run/url");
        assertThat(invalid("record-metric", metric.formatted("\"samples\":[" + "1,".repeat(100) + "1]")))
                .containsExactly("/samples");
        assertThat(malformed("record-metric", metric.formatted("\"samples\":[\"1\",[1]],\"run\":{\"host\":\"b\"}")))
                .containsExactlyInAnyOrder("/samples/0", "/samples/1", "/run/host");
        assertThat(malformed("record-metric", metric.formatted("\"samples\":1,\"run\":\"b\"")))
                .containsExactlyInAnyOrder("/samples", "/run");
    }

    @Test
    void giving_an_issue_up_needs_a_reason_and_confirming_it_none() {
        assertThat(invalid("close", "{\"resolution\":\"WONT_FIX\"}")).containsExactly("/reason");
        assertThat(invalid("close", "{\"resolution\":\"NOT_REPRODUCIBLE\"}")).containsExactly("/reason");
        assertThat(bound("close", "{\"resolution\":\"CONFIRMED\"}").reason()).isNull();
        assertThat(bound("close", "{\"resolution\":\"DUPLICATE\",\"duplicateOf\":\"x\"}")
                        .reason())
                .isNull();
    }

    @Test
    void a_missing_reason_for_closing_is_listed_beside_what_else_is_bad() {
        assertThat(invalid("close", "{\"resolution\":\"WONT_FIX\",\"duplicateOf\":\"x\"}"))
                .containsExactlyInAnyOrder("/duplicateOf", "/reason");
        assertThat(invalid("close", "{\"resolution\":\"WONT_FIX\",\"waivers\":[{}]}"))
                .containsExactlyInAnyOrder("/waivers/0/requirement", "/waivers/0/reason", "/reason");
    }

    @Test
    void duplicate_of_goes_with_duplicate_and_with_nothing_else() {
        assertThat(invalid("close", "{\"resolution\":\"DUPLICATE\"}")).containsExactly("/duplicateOf");
        assertThat(invalid("close", "{\"resolution\":\"CONFIRMED\",\"duplicateOf\":\"x\"}"))
                .containsExactly("/duplicateOf");
        assertThat(command(CloseIssue.class, "{\"resolution\":\"DUPLICATE\",\"duplicateOf\":\"x\"}")
                        .closing()
                        .duplicateOf())
                .isEqualTo("x");
    }

    @Test
    void there_are_at_most_4_waivers_each_requirement_once() {
        String all = IntStream.range(0, 4)
                .mapToObj(i -> "{\"requirement\":\"" + Requirement.values()[i] + "\",\"reason\":\"agreed\"}")
                .collect(Collectors.joining(","));
        String again = "{\"requirement\":\"TESTS\",\"reason\":\"agreed\"}";
        assertThat(command(MarkFixed.class, "{\"release\":\"2\",\"waivers\":[" + all + "]}")
                        .fix()
                        .waivers())
                .hasSize(4);
        assertThat(invalid("mark-fixed", "{\"release\":\"2\",\"waivers\":[" + again + "," + again + "]}"))
                .containsExactly("/waivers/1/requirement");
        assertThat(invalid("mark-fixed", "{\"release\":\"2\",\"waivers\":[" + all + "," + again + "]}"))
                .containsExactlyInAnyOrder("/waivers", "/waivers/4/requirement");
        assertThat(invalid("mark-fixed", "{\"release\":\"2\",\"waivers\":[null]}"))
                .containsExactly("/waivers/0");
    }

    @Test
    void a_label_both_added_and_removed_is_blamed_at_its_place_in_remove() {
        assertThat(invalid("change-labels", "{\"add\":[\"api\"],\"remove\":[\"slow\",\"slow\",\"api\"]}"))
                .containsExactly("/remove/2");
        assertThat(command(ChangeLabels.class, "{\"add\":[\"api\",\"api\"]}")
                        .change()
                        .add())
                .containsExactly("api");
    }

    @Test
    void a_revision_may_have_a_title_a_description_or_both() {
        assertThat(command(ReviseDescription.class, "{\"title\":\"Slower\"}")
                        .revision()
                        .description())
                .isNull();
        assertThat(command(ReviseDescription.class, "{\"description\":{\"text\":\"9 s\"}}")
                        .revision()
                        .title())
                .isNull();
    }

    @Test
    void a_unit_has_at_most_20_characters() {
        String body = "{\"kind\":\"TARGET\",\"name\":\"latency\",\"statistic\":\"P95\",\"value\":1,\"unit\":\"%s\"}";
        assertThat(command(RecordMetric.class, body.formatted("u".repeat(20)))
                        .metric()
                        .unit())
                .hasSize(20);
        assertThat(invalid("record-metric", body.formatted("u".repeat(21)))).containsExactly("/unit");
    }
}
