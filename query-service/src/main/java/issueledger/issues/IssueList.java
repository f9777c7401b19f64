package issueledger.issues;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.List;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** What the list of issues is answered from. */
interface IssueList {

    /** A value that a list can be filtered by. */
    record Facet(String field, String value) {}

    /**
     * An issue as the list shows, sorts and filters it.
     *
     * @param words as {@link Words#searchable} gives them
     */
    record Entry(
            String id,
            long openedAt,
            long updatedAt,
            long severity,
            Collection<Facet> facets,
            String words,
            String item) {}

    /** A row of a page: the item's JSON, which is also how it is answered, and the key that it was sorted by. */
    record Row(String id, @JsonRawValue @JsonValue String item, long key) {}

    /** Adds to an issue's document what is to be stored with it. */
    default void addTo(Document document, Entry entry) {}

    /** Takes issues whose documents are stored. */
    default void put(Collection<Entry> entries) {}

    /**
     * One page of a list, in the query's order, from after a place on.
     *
     * @param wanted the values that the query filters by
     */
    List<Row> list(IssueQuery query, IssueQuery.@Nullable Cursor cursor, Collection<Facet> wanted, int limit);
}
