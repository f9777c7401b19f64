package issueledger.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.EventJson;
import issueledger.http.Page;
import issueledger.http.Problem;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Items in the order of their keys, made when they are needed. */
final class Listing<S, T> {
    private final List<Entry<S>> entries;
    private final Function<S, T> item;

    /** A place in a list: by a number, a text and another number, ascending. */
    record Key(long first, String text, long last) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparingLong(Key::first).thenComparing(Key::text).thenComparingLong(Key::last);

        static Key of(long first) {
            return new Key(first, "", 0);
        }

        static Key of(long first, String text) {
            return new Key(first, text, 0);
        }

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private record Entry<S>(Key key, S source) {}

    /** The last item of a page, and a hash of the list that it belongs to. */
    private record Cursor(String list, long first, String text, long last) {}

    private Listing(List<Entry<S>> entries, Function<S, T> item) {
        this.entries = entries;
        this.item = item;
    }

    static <S, T> Listing<S, T> of(Collection<S> sources, Function<S, Key> key, Function<S, T> item) {
        List<Entry<S>> entries = new ArrayList<>(sources.size());
        sources.forEach(source -> entries.add(new Entry<>(key.apply(source), source)));
        entries.sort(Comparator.comparing(Entry::key));
        return new Listing<>(entries, item);
    }

    /** Items that are there already, in their order. */
    static <T> Listing<Integer, T> ofRows(List<T> rows) {
        List<Entry<Integer>> entries = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            entries.add(new Entry<>(Key.of(i), i));
        }
        return new Listing<>(entries, rows::get);
    }

    /** All of them, made one by one. */
    Iterable<T> items() {
        return () -> stream().iterator();
    }

    Stream<T> stream() {
        return entries.stream().map(Entry::source).map(item);
    }

    /**
     * The items after a cursor.
     *
     * @param mark differs from list to list: a cursor of another one is 400
     */
    Page<T> page(String mark, int limit, @Nullable String cursor) {
        int from = cursor == null ? 0 : after(key(mark, cursor));
        List<Entry<S>> page = entries.subList(from, Math.min(entries.size(), from + limit));
        List<T> items = page.stream().map(Entry::source).map(item).toList();
        return new Page<>(
                items,
                from + page.size() == entries.size()
                        ? null
                        : cursor(mark, page.getLast().key()));
    }

    private int after(Key key) {
        int found = Collections.binarySearch(entries.stream().map(Entry::key).toList(), key);
        return found < 0 ? -found - 1 : found + 1;
    }

    private static String cursor(String mark, Key key) {
        byte[] json = EventJson.MAPPER.writeValueAsBytes(new Cursor(mark, key.first(), key.text(), key.last()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }

    private static Key key(String mark, String parameter) {
        try {
            byte[] json = Base64.getUrlDecoder().decode(parameter.getBytes(UTF_8));
            Cursor cursor = EventJson.MAPPER.readValue(json, Cursor.class);
            if (cursor != null && cursor.text() != null && mark.equals(cursor.list())) {
                return new Key(cursor.first(), cursor.text(), cursor.last());
            }
        } catch (IllegalArgumentException | JacksonException e) {
            throw Problem.malformedParameter("cursor", "is not one that this service gave");
        }
        throw Problem.malformedParameter("cursor", "belongs to another list, or to other parameters");
    }
}
