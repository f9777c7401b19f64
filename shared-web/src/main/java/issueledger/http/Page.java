package issueledger.http;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor the parameter for the next page, null on the last one
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {
    public static <T> Page<T> last(List<T> items) {
        return new Page<>(items, null);
    }

    /**
     * A page out of one item more than fits it, which shows that there is a next page.
     *
     * @param cursor the cursor after an item
     */
    public static <T> Page<T> of(List<T> oneMore, int limit, Function<T, String> cursor) {
        return oneMore.size() <= limit
                ? last(oneMore)
                : new Page<>(oneMore.subList(0, limit), cursor.apply(oneMore.get(limit - 1)));
    }
}
