package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventMetadata;
import issueledger.log.CommitHash;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The answer of an accepted command, and its events in the log. */
class AnswersTest extends OverHttp {

    @Test
    void an_opened_issue_is_created_where_the_answer_says() {
        String id = newId();
        Answer answer = post("/issues", OPENING.formatted(id)).is(201);
        assertThat(answer.header("Location")).isEqualTo("/issues/" + id);
        assertThat(answer.json())
                .isEqualTo(new tools.jackson.databind.json.JsonMapper()
                        .readTree("{\"issueId\":\"%s\",\"version\":1,\"position\":%d,\"events\":[\"IssueOpened\"]}"
                                .formatted(id, head())));
        assertThat(answer.header("ETag")).isEqualTo("\"1\"");
        assertThat(answer.header("Ledger-Position")).isEqualTo(Long.toString(head()));
    }

    @Test
    void an_issue_without_an_id_gets_a_uuid_of_version_7() {
        Answer answer = post("/issues", "{\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}")
                .is(201);
        String id = answer.at("/issueId");
        assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(answer.header("Location")).isEqualTo("/issues/" + id);
        assertThat(recorded(id)).hasSize(1);
    }

    @Test
    void the_answer_names_every_event_and_the_version_and_position_of_the_last() {
        String id = opened();
        post("/issues/" + id + "/plan-phases", "{\"phases\":[{\"name\":\"Cache\"},{\"name\":\"Index\"}]}")
                .is(200);
        post("/issues/" + id + "/start-work", "{}").is(200);
        Answer answer =
                post("/issues/" + id + "/advance-phase", "{\"phase\":1}").is(200);
        assertThat(answer.text())
                .contains("\"events\":[\"PhaseCompleted\",\"PhaseStarted\"]")
                .contains("\"version\":6");
        assertThat(answer.json().at("/position").longValue()).isEqualTo(head());
        assertThat(answer.header("ETag")).isEqualTo("\"6\"");
    }

    @Test
    void a_note_and_a_reference_are_answered_with_their_numbers() {
        String id = opened();
        assertThat(post("/issues/" + id + "/record-note", NOTE)
                        .json()
                        .at("/note")
                        .longValue())
                .isEqualTo(1);
        assertThat(post("/issues/" + id + "/record-note", NOTE)
                        .json()
                        .at("/note")
                        .longValue())
                .isEqualTo(2);
        Answer first = post("/issues/" + id + "/add-reference", "{\"title\":\"Profile\"}");
        assertThat(first.json().at("/reference").longValue()).isEqualTo(1);
        assertThat(first.json().has("note")).isFalse();
        post("/issues/" + id + "/remove-reference", "{\"reference\":1}").is(200);
        assertThat(post("/issues/" + id + "/add-reference", "{\"title\":\"Profile\"}")
                        .json()
                        .at("/reference")
                        .longValue())
                .isEqualTo(2);
    }

    @Test
    void a_metric_record_is_answered_with_its_number() {
        String id = opened();
        Answer first = post("/issues/" + id + "/record-metric", METRIC).is(200);
        assertThat(first.at("/metric")).isEqualTo("1");
        assertThat(first.json().has("note")).isFalse();
        assertThat(first.json().has("reference")).isFalse();
        post("/issues/" + id + "/withdraw-metric", "{\"metric\":1,\"reason\":\"In s\"}")
                .is(200);
        assertThat(post("/issues/" + id + "/record-metric?dry-run=true", METRIC).at("/metric"))
                .isEqualTo("2");
        assertThat(post("/issues/" + id + "/record-metric", METRIC).at("/metric"))
                .isEqualTo("2");
    }

    @Test
    void a_withdrawal_is_recorded_with_its_reason_and_refused_where_there_is_no_such_record() {
        String id = opened();
        post("/issues/" + id + "/record-metric", METRIC).is(200);
        String withdrawal = "{\"metric\":1,\"reason\":\"In s\"}";
        Answer withdrawn =
                post("/issues/" + id + "/withdraw-metric", withdrawal).is(200);
        assertThat(withdrawn.text()).contains("\"events\":[\"MetricWithdrawn\"]");
        assertThat(withdrawn.json().has("metric")).isFalse();
        assertThat(recorded(id)).last().satisfies(event -> {
            assertThat(event.payload()).isEqualTo("{\"metric\":1}");
            assertThat(event.metadata()).contains("\"reason\":\"In s\"");
        });
        Answer again = post("/issues/" + id + "/withdraw-metric", withdrawal).isProblem(409, "rejected");
        assertThat(again.at("/reason")).isEqualTo("UNKNOWN_METRIC");
        post("/issues/" + id + "/withdraw-metric", "{\"metric\":1}").isProblem(422, "invalid");
        post("/issues/" + id + "/withdraw-metric", "{\"reason\":\"In s\"}").isProblem(422, "invalid");
        post("/issues/" + id + "/withdraw-metric", "{\"metric\":\"1\",\"reason\":\"In s\"}")
                .isProblem(400, "malformed");
        post("/issues/" + id + "/close", "{\"resolution\":\"WONT_FIX\",\"reason\":\"Gone\"}")
                .is(200);
        assertThat(post("/issues/" + id + "/withdraw-metric", "{\"metric\":7,\"reason\":\"In s\"}")
                        .isProblem(409, "rejected")
                        .at("/reason"))
                .isEqualTo("WRONG_STATUS");
    }

    @Test
    void the_resolutions_that_close_are_told_beside_the_allowed_commands() {
        String id = opened();
        String allowed = "/issues/" + id + "/allowed-commands";
        String all = "\"closeResolutions\":[\"DUPLICATE\",\"WONT_FIX\",\"NOT_REPRODUCIBLE\"]";
        assertThat(get(allowed).is(200).text()).contains(all);
        assertThat(post("/issues/" + id + "/close", "{\"resolution\":\"CONFIRMED\"}")
                        .isProblem(409, "rejected")
                        .text())
                .contains(all);
        post("/issues/" + id + "/close", "{\"resolution\":\"WONT_FIX\",\"reason\":\"Gone\"}")
                .is(200);
        assertThat(get(allowed).is(200).text()).contains("\"closeResolutions\":[]");
        assertThat(post("/issues/" + id + "/start-work", "{}")
                        .isProblem(409, "rejected")
                        .text())
                .contains("\"closeResolutions\":[]");
        post("/issues/" + id + "/reopen", "{\"reason\":\"Back\"}").is(200);
        post("/issues/" + id + "/start-work", "{}").is(200);
        post("/issues/" + id + "/start-testing", "{}").is(200);
        post("/issues/" + id + "/mark-fixed", "{\"release\":\"2.4.1\"}").is(200);
        assertThat(get(allowed).is(200).text())
                .contains("\"closeResolutions\":[\"CONFIRMED\",\"DUPLICATE\",\"WONT_FIX\",\"NOT_REPRODUCIBLE\"]");
    }

    @Test
    void what_changes_nothing_takes_no_position_and_is_answered_with_what_stands() {
        String id = opened();
        Answer assigned = post("/issues/" + id + "/assign-issue", "{\"assignee\":\"ada\"}");
        opened();
        long head = head();
        Answer again = post("/issues/" + id + "/assign-issue", "{\"assignee\":\"ada\"}")
                .is(200);
        assertThat(again.text()).contains("\"events\":[]");
        assertThat(again.json().at("/version").longValue()).isEqualTo(2);
        assertThat(again.header("ETag")).isEqualTo("\"2\"");
        assertThat(again.at("/position")).isEqualTo(assigned.at("/position"));
        assertThat(again.header("Ledger-Position")).isEqualTo(assigned.header("Ledger-Position"));
        assertThat(head()).isEqualTo(head);
    }

    @Test
    void a_reference_that_stands_is_answered_with_the_number_that_it_has() {
        String id = opened();
        post("/issues/" + id + "/add-reference", "{\"title\":\"Profile\"}");
        post("/issues/" + id + "/add-reference", "{\"title\":\"Plan\"}");
        Answer again = post("/issues/" + id + "/add-reference", "{\"title\":\"Profile\"}")
                .is(200);
        assertThat(again.text()).contains("\"events\":[]");
        assertThat(again.json().at("/reference").longValue()).isEqualTo(1);
    }

    @Test
    void an_empty_body_is_an_empty_object() {
        String id = opened();
        send("POST", "/issues/" + id + "/start-work", BodyPublishers.noBody()).is(200);
        assertThat(recorded(id)).last().extracting("type").isEqualTo("WorkStarted");
    }

    @Test
    void who_why_and_when_go_with_the_events() {
        String id = opened();
        post("/issues/" + id + "/start-work", "{\"reason\":\"urgent\",\"effectiveAt\":\"2100-01-01T00:00:00+00:00\"}")
                .isProblem(422, "invalid");
        post(
                        "/issues/" + id + "/record-note",
                        "{\"kind\":\"PROGRESS\",\"text\":\"seen\",\"reason\":\"urgent\","
                                + "\"effectiveAt\":\"2026-02-14T10:00:00+01:00\"}",
                        "X-Actor",
                        "ada",
                        "traceparent",
                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .is(200);
        EventMetadata metadata = metadata(id);
        assertThat(metadata.actor()).isEqualTo("ada");
        assertThat(metadata.reason()).isEqualTo("urgent");
        assertThat(metadata.effectiveAt()).isEqualTo(Instant.parse("2026-02-14T09:00:00Z"));
        assertThat(metadata.traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(metadata.commandId()).isNotBlank();
        assertThat(metadata.correlationId()).isEqualTo(metadata.commandId());
        assertThat(metadata.causationId()).isEqualTo(metadata.commandId());
        assertThat(metadata.idempotencyKey()).isNull();
    }

    @Test
    void all_events_of_a_command_share_its_metadata_and_its_commit() {
        String id = opened();
        post("/issues/" + id + "/plan-phases", "{\"phases\":[{\"name\":\"Cache\"}]}")
                .is(200);
        post("/issues/" + id + "/start-work", "{}").is(200);
        var events = recorded(id);
        assertThat(events.get(3).metadata()).isEqualTo(events.get(2).metadata());
        assertThat(events.get(3).commit()).isEqualTo(events.get(2).position());
    }

    @Test
    void the_payload_has_the_commands_fields_and_neither_reason_nor_effective_time() {
        String id = opened();
        post("/issues/" + id + "/link-file", "{\"path\":\"a.py\",\"reason\":\"found it\"}")
                .is(200);
        assertThat(recorded(id).get(1).payload()).isEqualTo("{\"path\":\"a.py\",\"purpose\":null}");
        assertThat(recorded(id).get(0).payload()).doesNotContain("\"id\"");
    }

    @Test
    void two_requests_that_say_the_same_leave_the_same_hash() {
        String id = opened();
        String metric = "{\"kind\":\"MEASURED\",\"name\":\"latency\",\"statistic\":\"P95\",\"unit\":\"ms\",";
        post("/issues/" + id + "/record-metric", metric + "\"better\":\"LOWER\",\"value\":340}")
                .is(200);
        String first = request(id);
        post("/issues/" + id + "/record-metric", metric + " \"value\" : 3.40e2, \"better\":\"LOWER\"}")
                .is(200);
        assertThat(request(id)).isEqualTo(first);
        post("/issues/" + id + "/record-metric", metric + "\"value\":341,\"better\":\"LOWER\"}")
                .is(200);
        assertThat(request(id)).isNotEqualTo(first);
    }

    @Test
    void a_stranger_can_recompute_the_hash_of_a_request() {
        String id = opened();
        post("/issues/" + id + "/record-note", NOTE).is(200);
        assertThat(request(id)).isEqualTo(CommitHash.sha256("record-note\n" + id + "\n" + NOTE));
    }
}
