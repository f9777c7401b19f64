package issueledger.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The latest events, in blocks: written by one thread, read by all. */
final class Window {
    private static final long MAX_BYTES =
            Math.min(8L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 64);
    private static final int MAX_BLOCKS = 2_048;

    private volatile State state = new State(List.of(), 0, 0);

    /** @param start the position before its first event */
    private record State(List<Block> blocks, long start, long end) {}

    /** Empties it; it goes on from a position. */
    void startAt(long position) {
        state = new State(List.of(), position, position);
    }

    /** The position of its last event. */
    long end() {
        return state.end();
    }

    /** Adds the next events. The oldest ones make room, but not for the last block. */
    void add(List<Block> next) {
        List<Block> blocks = new ArrayList<>(state.blocks());
        blocks.addAll(next);
        long bytes = blocks.stream().mapToLong(Block::size).sum();
        int first = 0;
        while (first < blocks.size() - 1 && (bytes > MAX_BYTES || blocks.size() - first > MAX_BLOCKS)) {
            bytes -= blocks.get(first++).size();
        }
        List<Block> kept = List.copyOf(blocks.subList(first, blocks.size()));
        state = new State(kept, kept.getFirst().after(), kept.getLast().end());
    }

    /** True if its events begin after the next one of a subscriber. */
    boolean isBeyond(Sent sent) {
        return sent.position() < state.start();
    }

    /** The next part; null if the subscriber has got everything or needs events from before the window. */
    @Nullable
    Part after(Sent sent) {
        State now = state;
        if (sent.position() < now.start() || sent.position() >= now.end()) {
            return null;
        }
        int low = 0;
        int high = now.blocks().size() - 1;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (now.blocks().get(middle).after() <= sent.position()) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return now.blocks().get(low).after(sent);
    }
}
