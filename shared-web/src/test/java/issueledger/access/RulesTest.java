package issueledger.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.HandlerMapping;

class RulesTest {
    private static final Rules COMMANDS =
            Rules.ofTheCommandService(Set.of("record-note", "record-root-cause", "close", "reopen"));
    private static final Rules QUERIES = Rules.ofTheQueryService(false);
    private static final Rules QUERIES_WITH_A_PUBLIC_LOG = Rules.ofTheQueryService(true);

    @Test
    void commands_are_for_those_of_the_table() {
        assertThat(table(COMMANDS, """
            POST /issues
            POST /issues/i-1/record-note
            POST /issues/i-1/record-root-cause
            POST /issues/i-1/close
            POST /issues/i-1/import-metrics
            POST /commands
            GET /issues/i-1/allowed-commands
            GET /issues/i-1
            GET /actuator
            GET /actuator/prometheus
            GET /actuator/info
            GET /actuator/health
            GET /actuator/health/readiness
            GET /problems
            GET /problems/malformed
            GET /template
            GET /v3/api-docs
            GET /v3/api-docs.yaml
            GET /v3/api-docs/swagger-config
            GET /swagger-ui.html
            GET /swagger-ui/index.html
            """)).isEqualTo("""
                POST /issues: reporter engineer
                POST /issues/i-1/record-note: reporter engineer
                POST /issues/i-1/record-root-cause: engineer
                POST /issues/i-1/close: engineer
                POST /issues/i-1/import-metrics: engineer
                POST /commands: reporter engineer
                GET /issues/i-1/allowed-commands: reporter engineer
                GET /issues/i-1: any token
                GET /actuator: operator
                GET /actuator/prometheus: operator
                GET /actuator/info: operator
                GET /actuator/health: open
                GET /actuator/health/readiness: open
                GET /problems: any token
                GET /problems/malformed: open
                GET /template: open
                GET /v3/api-docs: open
                GET /v3/api-docs.yaml: open
                GET /v3/api-docs/swagger-config: open
                GET /swagger-ui.html: open
                GET /swagger-ui/index.html: open
                """);
    }

    @Test
    void queries_are_for_those_of_the_table() {
        assertThat(table(QUERIES, """
            GET /issues
            GET /issues/i-1
            GET /issues/i-1/timeline
            GET /issues/i-1/metrics
            GET /issues/i-1/metrics/1/changes
            GET /issues/i-1/events
            GET /issues/i-1/diff
            GET /events
            GET /events/stream
            GET /analytics/summary
            GET /analytics/cycle-times
            GET /audit/head
            GET /audit/export
            GET /audit/verify
            GET /audit/refusals
            GET /audit/checkpoints
            GET /issues/i-1/events/7/proof
            GET /issues/i-1/proof
            GET /tlog/checkpoint
            GET /tlog/witnesses
            GET /tlog/tile/entries/x001/234.p/5
            GET /projections
            GET /projections/issues/parked
            GET /projections/issues/rebuild
            POST /projections/issues/rebuild
            POST /projections/issues/parked/retry
            GET /actuator/prometheus
            GET /actuator/health/liveness
            GET /problems/WRONG_STATUS
            GET /template
            GET /v3/api-docs
            GET /swagger-ui/index.html
            """)).isEqualTo("""
                GET /issues: reporter engineer analyst auditor
                GET /issues/i-1: reporter engineer analyst auditor
                GET /issues/i-1/timeline: reporter engineer analyst auditor
                GET /issues/i-1/metrics: reporter engineer analyst auditor
                GET /issues/i-1/metrics/1/changes: reporter engineer analyst auditor
                GET /issues/i-1/events: engineer auditor
                GET /issues/i-1/diff: engineer auditor
                GET /events: engineer auditor
                GET /events/stream: engineer auditor
                GET /analytics/summary: analyst auditor
                GET /analytics/cycle-times: analyst auditor
                GET /audit/head: auditor
                GET /audit/export: auditor
                GET /audit/verify: auditor
                GET /audit/refusals: auditor
                GET /audit/checkpoints: auditor
                GET /issues/i-1/events/7/proof: auditor
                GET /issues/i-1/proof: auditor
                GET /tlog/checkpoint: auditor
                GET /tlog/witnesses: auditor
                GET /tlog/tile/entries/x001/234.p/5: auditor
                GET /projections: auditor operator
                GET /projections/issues/parked: auditor operator
                GET /projections/issues/rebuild: auditor operator
                POST /projections/issues/rebuild: operator
                POST /projections/issues/parked/retry: operator
                GET /actuator/prometheus: operator
                GET /actuator/health/liveness: open
                GET /problems/WRONG_STATUS: open
                GET /template: open
                GET /v3/api-docs: open
                GET /swagger-ui/index.html: open
                """);
    }

    @Test
    void the_transparency_log_is_open_where_it_is_public() {
        assertThat(table(QUERIES_WITH_A_PUBLIC_LOG, """
            GET /tlog/checkpoint
            GET /tlog/tile/0/000
            GET /tlog/key
            GET /tlog/witnesses
            GET /audit/checkpoints
            """)).isEqualTo("""
                GET /tlog/checkpoint: open
                GET /tlog/tile/0/000: open
                GET /tlog/key: open
                GET /tlog/witnesses: auditor
                GET /audit/checkpoints: auditor
                """);
    }

    @Test
    void a_dry_run_is_for_engineers() {
        for (String path : List.of("/issues", "/commands", "/issues/i-1/record-note")) {
            for (String query : List.of("dry-run=true", "a=%zz&dry%2Drun=tru%65", "dry-run=false&dry-run=true")) {
                MockHttpServletRequest dry = request("POST", path);
                dry.setQueryString(query);
                assertThat(COMMANDS.allow(dry, EnumSet.of(Role.REPORTER)))
                        .as(path + query)
                        .isFalse();
                assertThat(COMMANDS.allow(dry, EnumSet.of(Role.ENGINEER)))
                        .as(path + query)
                        .isTrue();
                assertThat(COMMANDS.allow(dry, EnumSet.of(Role.REPORTER, Role.ENGINEER)))
                        .isTrue();
            }
            MockHttpServletRequest wet = request("POST", path);
            wet.setQueryString("dry-run=false");
            assertThat(COMMANDS.allow(wet, EnumSet.of(Role.REPORTER))).as(path).isTrue();
        }
        MockHttpServletRequest query = request("GET", "/issues");
        query.setQueryString("dry-run=true");
        assertThat(QUERIES.allow(query, EnumSet.of(Role.REPORTER))).isTrue();
    }

    @Test
    void the_page_and_its_files_need_no_token() {
        assertThat(table(QUERIES, """
            GET /
            GET /ui
            GET /ui/
            GET /ui/config.json
            GET /ui/lib/lit/index.js
            """)).isEqualTo("""
                GET /: open
                GET /ui: open
                GET /ui/: open
                GET /ui/config.json: open
                GET /ui/lib/lit/index.js: open
                """);
        assertThat(table(COMMANDS, """
            GET /
            GET /ui/
            """)).isEqualTo("""
                GET /: open
                GET /ui/: nobody
                """);
    }

    @Test
    void what_no_rule_names_is_for_nobody() {
        assertThat(table(QUERIES, """
            GET /secrets
            GET /issues/i-1/secrets
            DELETE /issues/i-1
            POST /issues/i-1/close
            POST /audit/export
            GET /uis
            """)).isEqualTo("""
                GET /secrets: nobody
                GET /issues/i-1/secrets: nobody
                DELETE /issues/i-1: nobody
                POST /issues/i-1/close: nobody
                POST /audit/export: nobody
                GET /uis: nobody
                """);
        assertThat(table(COMMANDS, "POST /issues/i-1/secrets\nGET /issues\n"))
                .isEqualTo("POST /issues/i-1/secrets: nobody\nGET /issues: nobody\n");
    }

    @Test
    void a_path_that_only_looks_open_is_not() {
        for (String path : List.of(
                "/problems/../issues",
                "/problems/x/../../issues",
                "/problems/%2e%2e/issues",
                "/problems",
                "/problems/a/b",
                "//problems/a",
                "/actuator/health/../prometheus/..;/x".replace("/health/../", "/healthy/"),
                "/actuator/healthy",
                "/Actuator/health",
                "/issues;/problems/a",
                "/issues/actuator/health")) {
            assertThat(QUERIES.areOpenTo(request("GET", path))).as(path).isFalse();
        }
    }

    @Test
    void head_is_as_get_and_options_as_any_token() {
        assertThat(table(QUERIES, "HEAD /events\nOPTIONS /events\n"))
                .isEqualTo("HEAD /events: engineer auditor\nOPTIONS /events: any token\n");
    }

    @Test
    void whether_there_is_such_a_command_is_for_its_handler_to_say() {
        MockHttpServletRequest request = request("POST", "/issues/i-1/dance");
        request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/issues/{id}/{command}");
        assertThat(COMMANDS.allow(request, EnumSet.noneOf(Role.class))).isTrue();
    }

    @Test
    void a_known_command_is_not_an_unknown_one() {
        MockHttpServletRequest request = request("POST", "/issues/i-1/cl%6Fse");
        request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/issues/{id}/{command}");
        assertThat(COMMANDS.allow(request, EnumSet.of(Role.REPORTER))).isFalse();
        assertThat(COMMANDS.allow(request, EnumSet.of(Role.ENGINEER))).isTrue();
    }

    private static String table(Rules rules, String requests) {
        StringBuilder table = new StringBuilder();
        requests.lines().forEach(line -> {
            String[] parts = line.split(" ");
            table.append(line)
                    .append(": ")
                    .append(who(rules, request(parts[0], parts[1])))
                    .append('\n');
        });
        return table.toString();
    }

    private static String who(Rules rules, MockHttpServletRequest request) {
        if (rules.areOpenTo(request)) {
            return "open";
        }
        if (rules.allow(request, EnumSet.noneOf(Role.class))) {
            return "any token";
        }
        List<String> allowed = new ArrayList<>();
        Arrays.stream(Role.values())
                .filter(role -> rules.allow(request, EnumSet.of(role)))
                .forEach(role -> allowed.add(role.claim()));
        return allowed.isEmpty() ? "nobody" : String.join(" ", allowed);
    }

    private static MockHttpServletRequest request(String method, String path) {
        return new MockHttpServletRequest(method, path);
    }
}
