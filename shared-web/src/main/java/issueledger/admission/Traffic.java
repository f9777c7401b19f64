package issueledger.admission;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service's requests: their lanes, sizes and samples. */
public interface Traffic {
    /** The budget of a request. */
    enum Lane {
        /** One command or one read. */
        SINGLE,
        /** Bulk requests, pages of events, exports: they may take long and never use the places of single requests. */
        LONG,
        /** Streams that do not end: each keeps its place as long as its client stays. */
        STREAM
    }

    /** @param query undecoded, null without one */
    Lane laneOf(String path, @Nullable String query);

    /** Headers of every answer, including refusals. */
    default Map<String, String> headers() {
        return Map.of();
    }

    /** Measured: maximum bytes of heap of a single request in flight. */
    int singleBytes();

    /** Measured: maximum bytes of heap of a {@link Lane#LONG} request in flight. */
    int longBytes();

    /** Read-only requests for the warm-up. */
    List<Sample> samples();

    /** @param body empty for a GET */
    record Sample(String method, String path, String query, String body) {}
}
