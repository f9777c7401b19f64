package issueledger.issues;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.http.Problem;
import issueledger.issues.IssueQuery.Cursor;
import issueledger.issues.IssueQuery.Sort;
import issueledger.issues.Issues.Row;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssueQueryTest {
    private static final Instant NOON = Instant.parse("2026-02-14T12:00:00Z");

    static IssueQuery everything() {
        return new IssueQuery(null, null, null, null, null, null, null, Set.of(), Sort.of(null));
    }

    @Test
    void a_list_is_sorted_by_its_last_update_unless_told() {
        assertThat(Sort.of(null)).isEqualTo(new Sort("updatedAt", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openedAt", "updatedAt", "severity"})
    void a_list_is_sorted_by_each_field_either_way(String field) {
        assertThat(Sort.of(field)).isEqualTo(new Sort(field, false));
        assertThat(Sort.of("-" + field)).isEqualTo(new Sort(field, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "--openedAt", "+openedAt", "title", "OPENEDAT", "openedAt,severity"})
    void another_sort_is_refused_and_named(String sort) {
        Problem problem = catchThrowableOfType(Problem.class, () -> Sort.of(sort));

        assertThat(problem.status()).isEqualTo(400);
        assertThat(parameter(problem)).isEqualTo("sort");
    }

    @Test
    void a_cursor_comes_back_as_it_was_given() {
        String cursor = everything().cursor(new Row("i-1", "", -7), null);

        assertThat(cursor).matches("[A-Za-z0-9_-]+");
        assertThat(everything().cursor(cursor, null))
                .extracting(Cursor::key, Cursor::id)
                .containsExactly(-7L, "i-1");
    }

    @Test
    void no_cursor_is_the_first_page() {
        assertThat(everything().cursor((String) null, null)).isNull();
    }

    @ParameterizedTest
    @MethodSource("otherQueries")
    void a_cursor_of_another_list_is_refused(IssueQuery other) {
        String cursor = everything().cursor(new Row("i-1", "", 7), null);

        Problem problem = catchThrowableOfType(Problem.class, () -> other.cursor(cursor, null));

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail()).contains("other filters");
        assertThat(parameter(problem)).isEqualTo("cursor");
    }

    static Stream<IssueQuery> otherQueries() {
        Sort sort = Sort.of(null);
        return Stream.of(
                new IssueQuery(Status.OPEN, null, null, null, null, null, null, Set.of(), sort),
                new IssueQuery(null, Severity.LOW, null, null, null, null, null, Set.of(), sort),
                new IssueQuery(null, null, "api", null, null, null, null, Set.of(), sort),
                new IssueQuery(null, null, null, "ada", null, null, null, Set.of(), sort),
                new IssueQuery(null, null, null, null, "a.py", null, null, Set.of(), sort),
                new IssueQuery(null, null, null, null, null, NOON, null, Set.of(), sort),
                new IssueQuery(null, null, null, null, null, null, NOON, Set.of(), sort),
                new IssueQuery(null, null, null, null, null, null, null, Set.of("slow"), sort),
                new IssueQuery(null, null, null, null, null, null, null, Set.of(), Sort.of("updatedAt")),
                new IssueQuery(null, null, null, null, null, null, null, Set.of(), Sort.of("-openedAt")));
    }

    @ParameterizedTest
    @MethodSource("noCursors")
    void what_is_no_cursor_is_refused_and_named(String cursor) {
        Problem problem = catchThrowableOfType(Problem.class, () -> everything().cursor(cursor, null));

        assertThat(problem.status()).isEqualTo(400);
        assertThat(parameter(problem)).isEqualTo("cursor");
    }

    static Stream<String> noCursors() {
        return Stream.of(
                "",
                "1",
                "!",
                "ümlaut",
                base64("null"),
                base64("[]"),
                base64("7"),
                base64("{}"),
                base64("{\"query\":\"x\",\"key\":\"seven\",\"id\":\"i-1\"}"),
                base64("{\"query\":\"x\",\"key\":1e400,\"id\":\"i-1\"}"),
                base64("{\"query\":\"x\",\"key\":7,\"id\":null}"),
                base64("{\"query\":\"x\",\"key\":7,\"id\":\"i-1\",\"more\":1}"));
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }

    private static Object parameter(Problem problem) {
        return ((Map<?, ?>) ((List<?>) problem.members().get("errors")).get(0)).get("parameter");
    }
}
