package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest extends OverHttp {

    @Test
    void a_command_is_accepted_at_the_version_that_it_names() {
        String id = opened();
        post("/issues/" + id + "/record-note", NOTE, "If-Match", "\"1\"").is(200);
        post("/issues/" + id + "/record-note", NOTE, "If-Match", "*").is(200);
        assertThat(recorded(id)).hasSize(3);
    }

    @Test
    void a_command_for_another_version_gets_the_current_one() {
        String id = opened();
        for (String version : new String[] {"\"0\"", "\"2\"", "\"99999999999999999999999999\""}) {
            Answer refused = post("/issues/" + id + "/record-note", NOTE, "If-Match", version)
                    .isProblem(412, "version-mismatch");
            assertThat(refused.json().at("/currentVersion").longValue()).isEqualTo(1);
        }
        assertThat(recorded(id)).hasSize(1);
    }

    @Test
    void even_a_command_that_would_change_nothing_must_meet_its_version() {
        String id = opened();
        post("/issues/" + id + "/assign-issue", "{}", "If-Match", "\"7\"").isProblem(412, "version-mismatch");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1", "W/\"1\"", "\"1", "\"\"", "\"x\"", "\"1-md\"", "\"01\"", "\"-1\"", "\"1\", \"2\"", "**"})
    void any_other_form_of_if_match_is_malformed(String given) {
        String id = opened();
        assertThat(post("/issues/" + id + "/record-note", NOTE, "If-Match", given)
                        .isProblem(400, "malformed")
                        .errors("parameter"))
                .containsExactly("If-Match");
    }

    @Test
    void if_match_given_twice_is_malformed() {
        String id = opened();
        post("/issues/" + id + "/record-note", NOTE, "If-Match", "\"1\"", "If-Match", "\"1\"")
                .isProblem(400, "malformed");
    }

    @Test
    void who_says_no_name_is_anonymous() {
        assertThat(metadata(opened()).actor()).isEqualTo("anonymous");
    }

    @Test
    void a_name_may_have_any_letters() {
        String id = opened();
        raw("""
            POST /issues/%s/record-note HTTP/1.1
            Host: %s
            Content-Type: application/json
            X-Actor: Łucja Öztürk 花子\
            """.formatted(id, localhost()), NOTE).is(200);
        assertThat(metadata(id).actor()).isEqualTo("Łucja Öztürk 花子");
    }

    @Test
    void a_name_given_twice_blank_or_too_long_is_malformed() {
        String id = opened();
        String path = "/issues/" + id + "/record-note";
        for (Answer refused : new Answer[] {
            post(path, NOTE, "X-Actor", "ada", "X-Actor", "ada"),
            post(path, NOTE, "X-Actor", ""),
            post(path, NOTE, "X-Actor", "a\tb"),
            post(path, NOTE, "X-Actor", "x".repeat(201))
        }) {
            assertThat(refused.isProblem(400, "malformed").errors("parameter")).containsExactly("X-Actor");
        }
        assertThat(recorded(id)).hasSize(1);
    }

    @Test
    void a_problem_carries_the_trace_id_of_its_request() {
        assertThat(post(
                                "/issues/none/start-work",
                                "{}",
                                "traceparent",
                                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                        .isProblem(404, "unknown-issue")
                        .at("/traceId"))
                .isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void a_bad_traceparent_is_ignored(String given) {
        String id = opened();
        post("/issues/" + id + "/record-note", NOTE, "traceparent", given).is(200);
        assertThat(metadata(id).traceId())
                .matches("[0-9a-f]{32}")
                .isNotEqualTo("4bf92f3577b34da6a3ce929d0e0e4736")
                .isNotEqualTo("0".repeat(32));
    }
}
