package issueledger.issues;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.List;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** An index for the list of issues. */
interface IssueList {

    /** A filter value. */
    record Facet(String field, String value) {}

    /**
     * An issue's entry: its sort keys, filter values, words and JSON.
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

    /** Adds the index's fields to an issue's document before it is stored. */
    default void addTo(Document document, Entry entry) {}

    /** Indexes issues after their documents are stored. */
    default void put(Collection<Entry> entries) {}

    /**
     * One page of the list in the query's order, after the cursor.
     *
     * @param wanted the query's filter values
     */
    List<Row> list(IssueQuery query, IssueQuery.@Nullable Cursor cursor, Collection<Facet> wanted, int limit);
}
