package issueledger.issues;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.EventJson;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.http.Problem;
import issueledger.log.CommitHash;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Filters, words and order of a list of issues; an absent filter is null. */
record IssueQuery(
        @Nullable Status status,
        @Nullable Severity severity,
        @Nullable String label,
        @Nullable String assignee,
        @Nullable String file,
        @Nullable Instant openedAfter,
        @Nullable Instant openedBefore,
        Set<String> words,
        Sort sort) {

    /** The list's order; issues that are equal in it are ordered by id. */
    record Sort(String field, boolean descending) {
        static final List<String> FIELDS = List.of("openedAt", "updatedAt", "severity");

        static final String DEFAULT = "-updatedAt";

        static Sort of(@Nullable String parameter) {
            String given = parameter == null ? DEFAULT : parameter;
            boolean descending = given.startsWith("-");
            String field = descending ? given.substring(1) : given;
            if (!FIELDS.contains(field)) {
                throw Problem.malformedParameter(
                        "sort", "must be openedAt, updatedAt or severity, with - for descending");
            }
            return new Sort(field, descending);
        }
    }

    /** The last item of a page: its sort key, its id, and a hash of the query that it belongs to. */
    record Cursor(String query, long key, String id) {}

    String cursor(long key, String id) {
        byte[] json = EventJson.MAPPER.writeValueAsBytes(new Cursor(mark(), key, id));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }

    @Nullable
    Cursor cursor(@Nullable String parameter) {
        if (parameter == null) {
            return null;
        }
        try {
            byte[] json = Base64.getUrlDecoder().decode(parameter.getBytes(UTF_8));
            Cursor cursor = EventJson.MAPPER.readValue(json, Cursor.class);
            if (cursor != null && cursor.id() != null && mark().equals(cursor.query())) {
                return cursor;
            }
        } catch (IllegalArgumentException | JacksonException e) {
            throw Problem.malformedParameter("cursor", "is not one that this service gave");
        }
        throw Problem.malformedParameter("cursor", "belongs to a list with other filters or another order");
    }

    private String mark() {
        return CommitHash.sha256(toString()).substring(0, 16);
    }
}
