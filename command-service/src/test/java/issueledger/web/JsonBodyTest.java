package issueledger.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import issueledger.admission.Admission;
import issueledger.http.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import tools.jackson.databind.node.ObjectNode;

class JsonBodyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}}",
                "{} {}",
                "{}x",
                "{\"a\":1,}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":-Infinity}",
                "{\"a\":0x10}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{/* a */}",
                "{} // a",
                "{\"a\":tru}"
            })
    void a_body_that_is_not_json_is_malformed(String body) {
        assertThat(malformed(body)).containsKeys("pointer", "detail");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"x\"", "null", "true", "[{}]"})
    void json_that_is_no_object_is_malformed(String body) {
        assertThat(malformed(body)).containsEntry("pointer", "");
    }

    @Test
    void a_key_given_twice_is_malformed_wherever_it_is() {
        assertThat(malformed("{\"a\":1,\"a\":1}")).containsEntry("pointer", "/a");
        assertThat(malformed("{\"a\":{\"b\":[{\"c\":1,\"d\":2,\"c\":3}]}}")).containsEntry("pointer", "/a/b/0/c");
        assertThat(malformed("{\"\\u0061\":1,\"a\":2}")).containsEntry("pointer", "/a");
    }

    @Test
    void a_hundred_thousand_levels_are_malformed_and_no_failure() {
        malformed("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
        malformed("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000));
        malformed("[".repeat(500_000));
    }

    @Test
    void bytes_that_are_no_utf_8_are_malformed() {
        refused(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
        refused("{\"a\":\"ä\"}".getBytes(ISO_8859_1));
        refused(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', '}'});
        refused(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xc0, (byte) 0x80, '"', '}'});
    }

    @Test
    void what_the_parser_says_names_no_class_or_setting() {
        for (String body : List.of(
                "{\"a\":NaN}",
                "{\"a\":1,\"a\":2}",
                "[".repeat(1_000),
                "{\"a\":\"\t\"}",
                "{'a':1}",
                "{\"a\":01}",
                "{\ud800}")) {
            assertThat(malformed(body).get("detail"))
                    .doesNotContain("Feature", "Constraints", "jackson", "Exception", "tools.", "java.", "StreamRead")
                    .hasSizeLessThan(400);
        }
    }

    @Test
    void the_place_where_the_json_breaks_is_named() {
        assertThat(malformed("{\n \"a\": 1,\n \"b\": }").get("detail")).contains("line 3, column");
    }

    @Test
    void numbers_are_kept_as_they_are_written() {
        assertThat(JsonBody.parse("{\"a\":0.10000000000000000000000001}".getBytes(UTF_8))
                        .get("a")
                        .decimalValue())
                .isEqualTo("0.10000000000000000000000001");
        assertThat(JsonBody.parse("{\"a\":15.0}".getBytes(UTF_8)).get("a").decimalValue())
                .isEqualTo("15.0");
    }

    // ---- the request around it

    @Test
    void an_empty_body_is_an_empty_object_and_needs_no_content_type() throws IOException {
        assertThat(read(request(null, ""))).isEmpty();
        assertThat(read(request("application/json", ""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                "application/json;charset=utf-8",
                "application/json; charset=\"UTF-8\""
            })
    void json_in_utf_8_is_read(String contentType) throws IOException {
        assertThat(read(request(contentType, "{\"a\":1}")).get("a").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/json;charset=iso-8859-1",
                "application/json;charset=utf-16",
                "application/json;charset=no-such",
                "application/problem+json",
                "application/*",
                "*/*",
                "json",
                "application/x-www-form-urlencoded"
            })
    void any_other_media_type_is_refused_even_for_an_empty_body(String contentType) {
        assertThat(status(request(contentType, "{}"))).isEqualTo(415);
        assertThat(status(request(contentType, ""))).isEqualTo(415);
    }

    @Test
    void a_body_without_a_media_type_is_refused() {
        assertThat(status(request(null, "{}"))).isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({"gzip, 415", "br, 415", "'gzip, identity', 415", "identity, 200", "Identity, 200"})
    void a_coded_body_is_refused(String coding, int status) {
        MockHttpServletRequest request = request("application/json", "{}");
        request.addHeader("Content-Encoding", coding);
        assertThat(status(request)).isEqualTo(status);
    }

    @Test
    void a_body_may_have_1_mebibyte_and_not_a_byte_more() {
        String most = "{\"a\":\"" + "x".repeat(1024 * 1024 - 8) + "\"}";
        assertThat(status(request("application/json", most))).isEqualTo(200);
        assertThat(status(request("application/json", most + " "))).isEqualTo(413);
        assertThat(status(chunked(most + " "))).isEqualTo(413);
        assertThat(status(request("text/plain", most + " "))).isEqualTo(415);
    }

    private static MockHttpServletRequest chunked(String body) {
        return new MockHttpServletRequest("POST", "/issues") {
            {
                setContentType("application/json");
                setContent(body.getBytes(UTF_8));
            }

            @Override
            public long getContentLengthLong() {
                return -1;
            }
        };
    }

    private static MockHttpServletRequest request(@Nullable String contentType, String body) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/issues");
        if (contentType != null) {
            request.addHeader("Content-Type", contentType);
        }
        request.setContent(body.getBytes(UTF_8));
        return request;
    }

    private static ObjectNode read(MockHttpServletRequest request) {
        Admission admission = new Admission(JsonBody.MOST, 1, 1, false, System::nanoTime);
        try (BodyMemoryLimit.Share share = new BodyMemoryLimit(admission, JsonBody.MOST).share()) {
            return JsonBody.read(request, share);
        }
    }

    private static int status(MockHttpServletRequest request) {
        Problem problem = catchThrowableOfType(Problem.class, () -> read(request));
        return problem == null ? 200 : problem.status();
    }

    private static Map<String, String> malformed(String body) {
        return refused(body.getBytes(UTF_8));
    }

    private static Map<String, String> refused(byte[] body) {
        Problem problem = catchThrowableOfType(Problem.class, () -> JsonBody.parse(body));
        assertThat(problem).isNotNull();
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.name()).isEqualTo("malformed");
        Map<?, ?> error = (Map<?, ?>) ((List<?>) problem.members().get("errors")).get(0);
        return Map.of("pointer", (String) error.get("pointer"), "detail", (String) error.get("detail"));
    }

    // ---- one form

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1}|{\"a\":1.0}",
                "{\"a\":100}|{\"a\":1e2}",
                "{\"a\":0}|{\"a\":-0.0}",
                "{\"a\":0}|{\"a\":0e9}",
                "{\"a\":0.5}|{\"a\":5E-1}",
                "{\"a\":1,\"b\":2}|{ \"b\" : 2 , \"a\" : 1 }",
                "{\"a\":{\"b\":[1,{\"c\":2,\"d\":3}]}}|{\"a\":{\"b\":[1.00,{\"d\":3,\"c\":2}]}}",
                "{\"a\":\"ä\"}|{\"\\u0061\":\"\\u00e4\"}"
            })
    void two_ways_to_write_a_value_have_one_form(String one, String other) {
        assertThat(canonical(one)).isEqualTo(canonical(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1}|{\"a\":\"1\"}",
                "{\"a\":[1,2]}|{\"a\":[2,1]}",
                "{\"a\":true}|{\"a\":\"true\"}",
                "{\"a\":0.1}|{\"a\":0.10000000000000001}",
                "{\"a\":9007199254740993}|{\"a\":9007199254740992}",
                "{\"a\":\"x\"}|{\"a\":\"x \"}"
            })
    void two_values_have_two_forms(String one, String other) {
        assertThat(canonical(one)).isNotEqualTo(canonical(other));
    }

    @Test
    void the_one_form_has_sorted_members_and_plain_decimals() {
        assertThat(canonical("{\"b\":[1e2,2.50],\"a\":{\"z\":null,\"y\":true}}"))
                .isEqualTo("{\"a\":{\"y\":true,\"z\":null},\"b\":[100,2.5]}");
    }

    private static String canonical(String body) {
        return JsonBody.canonical(JsonBody.parse(body.getBytes(UTF_8)));
    }
}
