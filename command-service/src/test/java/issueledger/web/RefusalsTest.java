package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import issueledger.refusals.Refusals;
import issueledger.refusals.RefusedCommand;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;

/** Stored refusals, and the log line of each. */
class RefusalsTest extends OverHttp {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
    private static final String SECRET = "s3cret-of-the-body";

    @Autowired
    private Refusals refusals;

    @Test
    void a_refusal_is_kept_with_who_what_and_why() {
        String id = opened();
        post("/issues/" + id + "/start-testing", "{}", "X-Actor", "mara", "traceparent", PARENT)
                .is(409);
        post("/issues/" + id + "/record-note", NOTE, "If-Match", "\"7\"").is(412);
        post("/issues/" + id + "/record-note", "{\"kind\":\"BAD\"}").is(422);
        post("/issues", OPENING.formatted(id)).is(409);

        List<RefusedCommand> kept = kept(id, 4);

        RefusedCommand first = kept.get(0);
        assertThat(first.command()).isEqualTo("start-testing");
        assertThat(first.actor()).isEqualTo("mara");
        assertThat(first.status()).isEqualTo(409);
        assertThat(first.type()).isEqualTo("/problems/rejected");
        assertThat(first.reason()).isEqualTo("WRONG_STATUS");
        assertThat(first.detail()).contains("OPEN");
        assertThat(first.traceId()).isEqualTo(TRACE);
        assertThat(kept)
                .extracting(RefusedCommand::command)
                .containsExactly("start-testing", "record-note", "record-note", "open-issue");
        assertThat(kept)
                .extracting(RefusedCommand::type)
                .containsExactly(
                        "/problems/rejected", "/problems/version-mismatch", "/problems/invalid", "/problems/rejected");
        assertThat(kept).extracting(RefusedCommand::reason).containsExactly("WRONG_STATUS", null, null, "ISSUE_EXISTS");
    }

    @Test
    void lines_of_a_bulk_request_and_pages_of_another_host_are_kept_too() {
        String id = opened();
        send(
                        "POST",
                        "/commands",
                        BodyPublishers.ofString("""
                            {"command":"start-testing","issueId":"%1$s"}
                            {"command":"record-note","issueId":"%1$s","body":{"kind":"PROGRESS","text":"seen"}}
                            {"command":"record-note","issueId":"%1$s","body":{}}
                            """.formatted(id)),
                        "Content-Type",
                        "application/x-ndjson",
                        "X-Actor",
                        "jon")
                .is(200);
        post("/issues/" + id + "/record-note", NOTE, "Origin", "https://elsewhere.example")
                .is(403);

        List<RefusedCommand> kept = kept(id, 3);
        assertThat(kept).extracting(RefusedCommand::status).containsExactlyInAnyOrder(409, 422, 403);
        assertThat(kept).extracting(RefusedCommand::actor).containsExactlyInAnyOrder("jon", "jon", "anonymous");
    }

    @Test
    void accepted_unchanged_replayed_rehearsed_and_malformed_commands_are_not_kept() {
        String id = opened();
        post("/issues/" + id + "/assign-issue", "{\"assignee\":null}").is(200);
        post("/issues/" + id + "/record-note", NOTE, "Idempotency-Key", id).is(200);
        post("/issues/" + id + "/record-note", NOTE, "Idempotency-Key", id).is(200);
        post("/issues/" + id + "/start-testing?dry-run=true", "{}").is(409);
        post("/issues/" + id + "/record-note", "{").is(400);
        post("/issues/" + id + "/do-magic", "{}").is(404);
        post("/issues/" + id + "/start-testing", "{}").is(409);

        assertThat(kept(id, 1)).extracting(RefusedCommand::command).containsExactly("start-testing");
    }

    @Test
    void a_path_and_a_query_with_escapes_are_read_as_the_command_reads_them() {
        String id = opened();
        String escaped = id.replaceFirst("^.", "%%%02x".formatted((int) id.charAt(0)));
        post("/issues/" + escaped + "/start%2Dtesting?dry%2Drun=%74rue", "{}").is(409);
        post("/issues/" + escaped + "/start%2Dtesting", "{}").is(409);
        post("/%69ssues", OPENING.formatted(id)).is(409);

        assertThat(kept(id, 2)).extracting(RefusedCommand::command).containsExactly("start-testing", "open-issue");
    }

    @Test
    void no_text_of_a_refused_body_is_kept() {
        String id = opened();
        post("/issues/" + id + "/unlink-file", "{\"path\":\"" + SECRET + "\"}").is(409);
        post("/issues/" + id + "/close", "{\"resolution\":\"DUPLICATE\",\"duplicateOf\":\"" + SECRET + "\"}")
                .is(409);
        String metric =
                "{\"kind\":\"BASELINE\",\"name\":\"latency\",\"statistic\":\"P95\",\"unit\":\"%s\",\"value\":1,\"better\":\"LOWER\"}";
        post("/issues/" + id + "/record-metric", metric.formatted("ms")).is(200);
        post("/issues/" + id + "/record-metric", metric.formatted(SECRET)).is(409);
        post("/issues/" + id + "/record-note", "{\"kind\":\"" + SECRET + "\",\"text\":\"" + SECRET + "\"}")
                .is(422);
        post("/issues/" + id + "/change-labels", "{\"add\":[\"" + SECRET + "\"],\"remove\":[\"" + SECRET + "\"]}")
                .is(422);
        post("/issues/" + id + "/add-reference", "{\"title\":\"a\",\"url\":\"" + SECRET + "\"}")
                .is(422);

        assertThat(kept(id, 6))
                .allSatisfy(refused -> assertThat(refused.toString()).doesNotContain(SECRET));
    }

    @Test
    void each_command_leaves_one_line_in_the_services_log_without_its_body_or_key() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger all = (Logger) LoggerFactory.getLogger(CommandLog.NAME);
        all.addAppender(lines);
        all.setLevel(Level.INFO);
        try {
            String id = newId();
            post(
                            "/issues",
                            OPENING.formatted(id),
                            "X-Actor",
                            "mara",
                            "traceparent",
                            PARENT,
                            "Idempotency-Key",
                            SECRET + id)
                    .is(201);
            awaitTold(lines, id, 1); // Each line is written after its answer.
            post("/issues/" + id + "/record-note", NOTE.replace("seen", SECRET), "X-Actor", "a\" outcome=\"200")
                    .is(200);
            awaitTold(lines, id, 2);
            post("/issues/" + id + "/start-testing", "{}").is(409);
            awaitTold(lines, id, 3);
            post("/issues/" + id + "/record-note", "{\"" + SECRET + "\":1").is(400);

            awaitTold(lines, id, 4);
            assertThat(lines.list.get(0).getMDCPropertyMap()).containsEntry("traceId", TRACE);
            assertThat(told(lines, id).get(0))
                    .containsEntry("command", "open-issue")
                    .containsEntry("actor", "mara")
                    .containsEntry("outcome", "201")
                    .containsKey("ms");
            assertThat(told(lines, id).get(1)).containsEntry("actor", "a' outcome='200");
            assertThat(told(lines, id))
                    .extracting(line -> line.get("outcome"))
                    .containsExactly("201", "200", "409 WRONG_STATUS", "400 malformed");
            assertThat(lines.list)
                    .allSatisfy(line -> assertThat(line.getFormattedMessage() + line.getKeyValuePairs())
                            .doesNotContain(SECRET));
        } finally {
            all.setLevel(Level.OFF);
            all.detachAppender(lines);
        }
    }

    private static List<Map<String, String>> told(ListAppender<ILoggingEvent> lines, String issueId) {
        return List.copyOf(lines.list).stream()
                .filter(line -> line.getKeyValuePairs() != null)
                .map(line -> line.getKeyValuePairs().stream()
                        .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value))))
                .filter(line -> issueId.equals(line.get("issue")))
                .toList();
    }

    private static void awaitTold(ListAppender<ILoggingEvent> lines, String issueId, int number) {
        await(() -> told(lines, issueId).size() == number);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    private List<RefusedCommand> kept(String issueId, int number) {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        List<RefusedCommand> kept;
        do {
            kept = refusals.read(0, 100, issueId, null, null, null);
        } while (kept.size() < number && System.nanoTime() < deadline);
        assertThat(kept).hasSize(number);
        return kept;
    }
}
