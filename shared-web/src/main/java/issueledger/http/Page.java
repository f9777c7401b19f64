package issueledger.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor what leads to the next page, null on the last one
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {
    public static <T> Page<T> last(List<T> items) {
        return new Page<>(items, null);
    }
}
