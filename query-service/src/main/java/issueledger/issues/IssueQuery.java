package issueledger.issues;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.EventJson;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.http.Problem;
import issueledger.issues.Issues.Row;
import issueledger.log.CommitHash;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
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

    /**
     * The last item of a page: its sort key, its id, and a hash of the query that it belongs to.
     *
     * @param position the log's position that the list is of; null if it is of the present
     */
    record Cursor(
            String query, long key, String id, @Nullable Long position) {}

    /** A moment of the past and the position that the log held then. */
    record Moment(Instant time, long position) {}

    String cursor(Row last, @Nullable Moment moment) {
        Cursor cursor = new Cursor(
                mark(moment == null ? null : moment.time()),
                last.key(),
                last.id(),
                moment == null ? null : moment.position());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(EventJson.MAPPER.writeValueAsBytes(cursor));
    }

    /** @param asOf the moment that the list is of; null if it is of the present */
    @Nullable
    Cursor cursor(@Nullable String parameter, @Nullable Instant asOf) {
        if (parameter == null) {
            return null;
        }
        try {
            byte[] json = Base64.getUrlDecoder().decode(parameter.getBytes(UTF_8));
            Cursor cursor = EventJson.MAPPER.readValue(json, Cursor.class);
            if (cursor != null
                    && cursor.id() != null
                    && mark(asOf).equals(cursor.query())
                    && (asOf == null) == (cursor.position() == null)) {
                return cursor;
            }
        } catch (IllegalArgumentException | JacksonException e) {
            throw Problem.malformedParameter("cursor", "is not one that this service gave");
        }
        throw Problem.malformedParameter("cursor", "belongs to a list with other filters or another order");
    }

    private String mark(@Nullable Instant asOf) {
        return CommitHash.sha256(asOf == null ? toString() : toString() + asOf).substring(0, 16);
    }

    /** True if the issue is on the list. */
    boolean accepts(ListedIssue issue) {
        return issue.facets().containsAll(Facet.of(this))
                && words.stream().allMatch(wanted -> issue.words().stream().anyMatch(word -> word.startsWith(wanted)))
                && (openedAfter == null || issue.openedAt() > openedAfter.toEpochMilli())
                && (openedBefore == null || issue.openedAt() < openedBefore.toEpochMilli());
    }

    /** The list's order. */
    Comparator<Row> order() {
        Comparator<Row> byKey = Comparator.comparingLong(Row::key);
        return (sort.descending() ? byKey.reversed() : byKey).thenComparing(Row::id);
    }
}
