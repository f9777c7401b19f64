package issueledger.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.log.Commitments;
import issueledger.log.RecordedEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a subscriber holds in memory, and what it sends. */
class BlockTest {
    private static RecordedEvent event(long position, int characters) {
        return new RecordedEvent(
                position,
                "e-" + position,
                "i-1",
                position - 1,
                "NoteRecorded",
                "1",
                Instant.EPOCH,
                "\"" + "ä".repeat(characters) + "\"",
                "{}",
                position,
                position,
                "00",
                new Commitments(null, null, "0".repeat(64), "0".repeat(64)),
                null,
                null,
                null);
    }

    private static String text(Part part) {
        return UTF_8.decode(part.bytes()).toString();
    }

    private static List<RecordedEvent> events(int count, int characters) {
        return IntStream.rangeClosed(6, 5 + count)
                .mapToObj(position -> event(position, characters))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 5_000, 16_000, 17_000, 200_000})
    void the_parts_of_a_block_are_its_events_and_none_is_large(int characters) throws IOException {
        Block block = Block.of(events(40, characters));
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        Sent sent = new Sent(block.after(), 0);
        while (sent.position() < block.end()) {
            Part part = block.after(sent);
            assertThat(part.bytes().remaining()).isPositive();
            assertThat(part.bytes().array()).hasSizeLessThanOrEqualTo(Block.MAX_BYTES);
            part.writeTo(whole);
            sent = part.then();
        }
        assertThat(block.after()).isEqualTo(5);
        assertThat(sent.isBetweenEvents()).isTrue();
        assertThat(whole.size()).isEqualTo(block.size());
        String[] messages = whole.toString(UTF_8).split("\n\n");
        assertThat(messages).hasSize((int) (block.end() - block.after()));
        for (int i = 0; i < messages.length; i++) {
            assertThat(messages[i]).startsWith("id: " + (6 + i) + "\ndata: {\"position\":" + (6 + i) + ",");
            assertThat(messages[i].lines()).hasSize(2);
        }
    }

    @Test
    void a_part_begins_after_any_event() {
        Block block = Block.of(events(10, 10));

        for (long position = 5; position < 15; position++) {
            Part part = block.after(new Sent(position, 0));
            assertThat(text(part)).startsWith("id: " + (position + 1) + "\n");
            assertThat(part.then()).isEqualTo(new Sent(15, 0));
        }
    }

    @Test
    void a_window_keeps_the_latest_events_and_sends_the_others_to_the_log() {
        Window window = new Window();
        window.startAt(0);
        assertThat(window.after(new Sent(0, 0))).isNull();
        assertThat(window.isBeyond(new Sent(0, 0))).isFalse();
        for (int position = 1; position <= 5_000; position++) {
            window.add(List.of(Block.of(List.of(event(position, 10)))));
        }

        assertThat(window.end()).isEqualTo(5_000);
        assertThat(window.isBeyond(new Sent(100, 0))).isTrue();
        assertThat(window.after(new Sent(100, 0))).isNull();
        assertThat(window.isBeyond(new Sent(4_000, 0))).isFalse();
        Part part = window.after(new Sent(4_000, 0));
        assertThat(part).isNotNull();
        assertThat(text(part)).startsWith("id: 4001\n");
        assertThat(window.after(new Sent(5_000, 0))).isNull();
        assertThat(window.after(new Sent(6_000, 0))).isNull();
        assertThat(window.isBeyond(new Sent(6_000, 0))).isFalse();
    }
}
