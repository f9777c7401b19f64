package issueledger.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import issueledger.history.EventItem;
import issueledger.log.RecordedEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Consecutive events as the stream sends them. */
final class Block {
    /** Maximum bytes of a block of several events, and of a {@link Part}. */
    static final int MAX_BYTES = 32 * 1024;

    private final long after;
    private final byte[] bytes;
    private final int[] ends;

    /**
     * @param after the position before its first event
     * @param ends where each event ends in {@code bytes}
     */
    private Block(long after, byte[] bytes, int[] ends) {
        this.after = after;
        this.bytes = bytes;
        this.ends = ends;
    }

    /** The first of the events: as many as fit, at least one. */
    static Block of(List<RecordedEvent> events) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int[] ends = new int[events.size()];
        int count = 0;
        for (RecordedEvent event : events) {
            byte[] line = EventItem.line(event);
            byte[] id = ("id: " + event.position() + "\ndata: ").getBytes(US_ASCII);
            if (count > 0 && out.size() + id.length + line.length + 2 > MAX_BYTES) {
                break;
            }
            out.writeBytes(id);
            out.writeBytes(line);
            out.write('\n');
            out.write('\n');
            ends[count++] = out.size();
        }
        return new Block(events.getFirst().position() - 1, out.toByteArray(), Arrays.copyOf(ends, count));
    }

    long after() {
        return after;
    }

    long end() {
        return after + ends.length;
    }

    int size() {
        return bytes.length;
    }

    /** The next part of these events. The bytes of an event that is larger than a part are copied, so that no part holds it in memory. */
    Part after(Sent sent) {
        int event = (int) (sent.position() - after);
        int from = (event == 0 ? 0 : ends[event - 1]) + sent.bytes();
        if (bytes.length <= MAX_BYTES) {
            return new Part(ByteBuffer.wrap(bytes, from, bytes.length - from), new Sent(end(), 0));
        }
        int length = Math.min(MAX_BYTES, bytes.length - from);
        boolean isLast = from + length == bytes.length;
        Sent then = isLast ? new Sent(end(), 0) : new Sent(sent.position(), sent.bytes() + length);
        return new Part(ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, from + length)), then);
    }
}
