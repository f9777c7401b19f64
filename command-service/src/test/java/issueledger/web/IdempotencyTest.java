package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code Idempotency-Key} and {@code ?dry-run=true}. */
class IdempotencyTest extends OverHttp {
    private static final String KEY = "Idempotency-Key";

    @Test
    void the_same_key_again_gives_the_first_answer_and_appends_nothing() {
        String body = "{\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}";
        Answer first = post("/issues", body, KEY, "open-1").is(201);
        long head = head();

        Answer again = post("/issues", "{\"description\":{\"text\":\"5 s\"}, \"title\":\"Slow\"}", KEY, "open-1")
                .is(201);

        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(again.header("Ledger-Position")).isEqualTo(first.header("Ledger-Position"));
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(head()).isEqualTo(head);
    }

    @Test
    void a_replay_answers_the_number_and_the_version_of_then_whatever_if_match_says() {
        String id = opened();
        Answer first =
                post("/issues/" + id + "/record-note", NOTE, KEY, "note-1").is(200);
        post("/issues/" + id + "/record-note", NOTE).is(200);

        Answer again = post("/issues/" + id + "/record-note", NOTE, KEY, "note-1", "If-Match", "\"1\"")
                .is(200);

        assertThat(again.text()).isEqualTo(first.text()).contains("\"note\":1");
        assertThat(recorded(id)).hasSize(3);
    }

    @Test
    void a_replay_answers_the_number_that_a_metric_record_got_then() {
        String id = opened();
        post("/issues/" + id + "/record-metric", METRIC).is(200);
        Answer first = post("/issues/" + id + "/record-metric", METRIC, KEY, "metric-then")
                .is(200);
        post("/issues/" + id + "/record-metric", METRIC).is(200);
        post("/issues/" + id + "/withdraw-metric", "{\"metric\":2,\"reason\":\"In s\"}")
                .is(200);

        Answer again = post("/issues/" + id + "/record-metric", METRIC, KEY, "metric-then")
                .is(200);

        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.text()).isEqualTo(first.text()).contains("\"metric\":2");
    }

    @Test
    void another_command_issue_or_body_under_the_key_is_a_mismatch() {
        String id = opened();
        String other = opened();
        post("/issues/" + id + "/record-note", NOTE, KEY, "note-2").is(200);

        post("/issues/" + id + "/record-note", NOTE.replace("seen", "other"), KEY, "note-2")
                .isProblem(422, "idempotency-mismatch");
        post("/issues/" + other + "/record-note", NOTE, KEY, "note-2").isProblem(422, "idempotency-mismatch");
        post("/issues/" + id + "/start-work", "{}", KEY, "note-2").isProblem(422, "idempotency-mismatch");
        post("/issues/" + id + "/record-note", NOTE, KEY, "note-2", "X-Actor", "grace")
                .is(200);
    }

    @Test
    void numbers_are_compared_as_values() {
        String id = opened();
        String metric = "{\"kind\":\"BASELINE\",\"name\":\"latency\",\"statistic\":\"P95\",\"unit\":\"ms\","
                + "\"better\":\"LOWER\",\"value\":%s}";
        post("/issues/" + id + "/record-metric", metric.formatted("1.0"), KEY, "metric-1")
                .is(200);

        assertThat(post("/issues/" + id + "/record-metric", metric.formatted("1"), KEY, "metric-1")
                        .is(200)
                        .header("Idempotent-Replayed"))
                .isEqualTo("true");
    }

    @Test
    void what_appends_nothing_leaves_no_trace_under_its_key() {
        String id = opened();
        post("/issues/" + id + "/start-testing", "{}", KEY, "later").isProblem(409, "rejected");
        post("/issues/" + id + "/change-labels", "{}", KEY, "later").is(200);

        assertThat(post("/issues/" + id + "/record-note", NOTE, KEY, "later")
                        .is(200)
                        .header("Idempotent-Replayed"))
                .isEmpty();
    }

    @Test
    void of_many_with_one_key_at_once_one_has_an_effect_and_all_get_its_answer() throws Exception {
        String id = opened();
        List<Answer> answers = atOnce(12, () -> post("/issues/" + id + "/record-note", NOTE, KEY, "race"));

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(answers).extracting(Answer::text).containsOnly(answers.get(0).text());
        assertThat(answers)
                .filteredOn(answer -> answer.header("Idempotent-Replayed").isEmpty())
                .hasSize(1);
        assertThat(recorded(id)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/issues/%s/start-work|{}|*",
                "/issues/%s/assign-issue|{\"assignee\":\"ada\"}|*",
                "/issues/%s/record-note|{\"kind\":\"PROGRESS\",\"text\":\"seen\"}|\"1\"",
                "/issues/%s/close|{\"resolution\":\"WONT_FIX\",\"reason\":\"rare\"}|*",
                "/issues|{\"id\":\"new-%s\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}|*"
            })
    void a_repeat_that_is_refused_because_the_first_was_accepted_gets_the_first_answer(
            String path, String body, String ifMatch) throws Exception {
        for (int round = 0; round < 10; round++) {
            String id = opened();
            List<Answer> answers = atOnce(
                    4, () -> post(path.formatted(id), body.formatted(id), KEY, "race-" + id, "If-Match", ifMatch));
            assertThat(answers)
                    .extracting(Answer::text)
                    .containsOnly(answers.get(0).text());
            assertThat(answers).extracting(Answer::status).containsAnyOf(200, 201);
            assertThat(answers)
                    .filteredOn(answer -> answer.header("Idempotent-Replayed").isEmpty())
                    .hasSize(1);
        }
    }

    private static List<Answer> atOnce(int clients, Callable<Answer> request) throws Exception {
        CyclicBarrier start = new CyclicBarrier(clients);
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<Answer>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                running.add(threads.submit(() -> {
                    start.await();
                    return request.call();
                }));
            }
            for (Future<Answer> one : running) {
                answers.add(one.get());
            }
        }
        return answers;
    }

    @Test
    void a_document_is_compared_by_its_bytes() {
        String document = "# T\n\n## Issue Description\n\nD\n\nA word\n\n## Odd\n\nx\n";
        Answer first = document(document, "doc-1").is(201);
        Answer again = document(document, "doc-1").is(201);

        assertThat(again.text()).isEqualTo(first.text()).contains("\"warnings\":[{");
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        document(document + "\n", "doc-1").isProblem(422, "idempotency-mismatch");
    }

    private Answer document(String text, String key) {
        return send("POST", "/issues", BodyPublishers.ofString(text), "Content-Type", "text/markdown", KEY, key);
    }

    @Test
    void a_key_with_a_character_that_is_not_visible_ascii_is_refused() {
        Answer answer =
                post("/issues", OPENING.formatted(newId()), KEY, "with space").isProblem(400, "malformed");
        assertThat(answer.errors("parameter")).containsExactly(KEY);
    }

    @Test
    void a_key_that_is_too_long_or_sent_twice_is_refused() {
        post("/issues", OPENING.formatted(newId()), KEY, "k".repeat(129)).isProblem(400, "malformed");
        post("/issues", OPENING.formatted(newId()), KEY, "k".repeat(128)).is(201);
        post("/issues", OPENING.formatted(newId()), KEY, "a", KEY, "b").isProblem(400, "malformed");
    }

    @Test
    void a_dry_run_answers_as_if_it_were_accepted_and_records_nothing() {
        String id = opened();
        long head = head();
        Answer dry = post("/issues/" + id + "/record-note?dry-run=true", NOTE, KEY, "dry")
                .is(200);

        assertThat(dry.text())
                .isEqualTo(
                        "{\"issueId\":\"%s\",\"version\":2,\"position\":%d,\"events\":[\"NoteRecorded\"],\"note\":1,\"dryRun\":true}"
                                .formatted(id, head + 1));
        assertThat(dry.headers()).doesNotContainKeys("etag", "ledger-position", "location");
        assertThat(head()).isEqualTo(head);
        assertThat(post("/issues/" + id + "/record-note", NOTE, KEY, "dry")
                        .is(200)
                        .text())
                .isEqualTo(dry.text().replace(",\"dryRun\":true", ""));
        Answer opening =
                post("/issues?dry-run=true", OPENING.formatted(newId())).is(201);
        assertThat(opening.json().at("/dryRun").booleanValue()).isTrue();
        assertThat(opening.headers()).doesNotContainKeys("etag", "ledger-position", "location");
        assertThat(head()).isEqualTo(head + 1);
    }

    @Test
    void a_dry_run_is_refused_as_the_command_would_be() {
        String id = opened();
        post("/issues/" + id + "/start-testing?dry-run=true", "{}").isProblem(409, "rejected");
        post("/issues/" + id + "/record-note?dry-run=true", NOTE, "If-Match", "\"7\"")
                .isProblem(412, "version-mismatch");
        post("/issues/nobody/record-note?dry-run=true", NOTE).isProblem(404, "unknown-issue");
        post("/issues?dry-run=true", OPENING.formatted(id)).isProblem(409, "rejected");
        post("/issues/" + id + "/record-note?dry-run=perhaps", NOTE).isProblem(400, "malformed");
        send(
                        "POST",
                        "/issues?dry-run=true",
                        BodyPublishers.ofString("# T\n\n## Issue Description\n\nD\n"),
                        "Content-Type",
                        "text/markdown")
                .is(201);
        assertThat(recorded(id)).hasSize(1);
    }
}
