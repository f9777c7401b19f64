package issueledger.admission;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a service tells about its requests. */
public interface Traffic {
    /** Which budget a request belongs to. */
    enum Lane {
        /** One command or one read. */
        SINGLE,
        /** Bulk requests, streams, exports: they may take long, and never take the places of single ones. */
        LONG
    }

    /** @param query undecoded, null where there is none */
    Lane laneOf(String path, @Nullable String query);

    /** Headers that every answer of the service has, also a refusal. */
    default Map<String, String> headers() {
        return Map.of();
    }

    /** What a single request in flight takes of the heap at most, measured, in bytes. */
    int singleBytes();

    /** The same of a {@link Lane#LONG} request. */
    int longBytes();

    /** Requests that change nothing, to be sent before the service is ready. */
    List<Sample> samples();

    /** @param body empty for a GET */
    record Sample(String method, String path, String query, String body) {}
}
