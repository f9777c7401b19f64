package issueledger.log;

import static issueledger.log.LogExamples.appended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.events.Erasing;
import issueledger.events.EventJson;
import issueledger.events.IssueExamples;
import issueledger.log.Commit.IdempotencyKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an erasure takes from a log, and what it leaves; each store's test extends it. */
public abstract class ErasureContract {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-02-14T09:30:00Z"), ZoneOffset.UTC);
    private static final Instant ERASED_AT = Instant.parse("2026-11-28T07:00:00Z");
    private static final String METADATA = "{\"actor\":\"wilhelmina\",\"reason\":\"called by Ottokar\","
            + "\"commandId\":\"c-1\",\"idempotencyKey\":\"key-1\"}";

    private List<RecordedEvent> before;

    protected abstract EventLog open(Clock clock);

    protected abstract void erase(ErasureOrder order) throws Exception;

    /** Everything that the store keeps, as text. */
    protected abstract String stored() throws Exception;

    @BeforeEach
    void write() {
        try (EventLog log = open(CLOCK)) {
            String opened = EventJson.write(IssueExamples.OPENED);
            String assigned = "{\"assignee\":\"Zacharias\"}";
            appended(
                    log,
                    new Commit(
                            List.of(
                                    new NewEvent("e-1", "slow-orders", 0, "IssueOpened", "1", opened, METADATA),
                                    new NewEvent("e-2", "slow-orders", 1, "IssueAssigned", "1", assigned, METADATA)),
                            new IdempotencyKey("wilhelmina", "key-1"),
                            "ab".repeat(32),
                            Map.of()));
            appended(log, LogExamples.commit(LogExamples.note("slow-orders", 2)));
            before = log.read(0, 10);
        }
    }

    private static ErasureOrder order(long version, boolean metadata) {
        return new ErasureOrder("slow-orders", version, metadata, "ada", "asked by Zacharia", ERASED_AT);
    }

    @Test
    void the_texts_are_gone_and_every_hash_stands() throws Exception {
        erase(order(2, false));

        assertThat(stored()).doesNotContain("Zacharias").contains("wilhelmina");
        try (EventLog log = open(CLOCK)) {
            List<RecordedEvent> after = log.read(0, 10);
            assertThat(after)
                    .extracting(RecordedEvent::hash)
                    .isEqualTo(before.stream().map(RecordedEvent::hash).toList());
            assertThat(after.get(0).withoutErasure().asNew())
                    .isEqualTo(before.get(0).asNew());
            assertThat(after.get(0).request()).isNull();
            assertThat(after.get(1).payload()).isEqualTo("{\"assignee\":\"[erased]\"}");
            assertThat(after.get(1).erased()).isEqualTo(new Erasure(2, false, ERASED_AT, "ada", "asked by Zacharia"));
            assertThat(CommitHash.of(
                            CommitHash.NONE,
                            1,
                            after.subList(0, 2).stream()
                                    .map(RecordedEvent::asNew)
                                    .toList(),
                            CLOCK.instant()))
                    .isEqualTo(before.get(0).hash());
            assertThat(log.findByIdempotencyKey("wilhelmina", "key-1")
                            .orElseThrow()
                            .request())
                    .isNull();
            assertThat(log.erasures()).hasSize(1);
            appended(log, LogExamples.commit(LogExamples.note("slow-orders", 3)));
        }
    }

    @Test
    void with_the_metadata_the_actor_goes_and_the_key_is_found_by_its_hash() throws Exception {
        erase(order(1, true));
        erase(order(2, true));

        assertThat(stored())
                .doesNotContain("wilhelmina")
                .doesNotContain("Ottokar")
                .doesNotContain("Creating an order");
        try (EventLog log = open(CLOCK)) {
            assertThat(log.findByIdempotencyKey("wilhelmina", "key-1")
                            .orElseThrow()
                            .events())
                    .hasSize(2);
            assertThat(LogExamples.append(
                            log, LogExamples.keyed("wilhelmina", "key-1", LogExamples.note("slow-orders", 3))))
                    .isInstanceOf(AppendResult.KeyTaken.class);
            assertThat(log.read(0, 1).get(0).metadata())
                    .contains("\"actor\":\"" + Erasing.ERASED + "\"")
                    .contains("\"commandId\":\"c-1\"");
            assertThat(log.read(0, 10))
                    .extracting(RecordedEvent::hash)
                    .isEqualTo(before.stream().map(RecordedEvent::hash).toList());
        }
    }

    @Test
    void the_metadata_may_go_later_than_the_payload() throws Exception {
        erase(order(2, false));
        erase(order(2, true));
        try (EventLog log = open(CLOCK)) {
            assertThat(log.erasures()).extracting(Erasure::metadata).containsExactly(false, true);
        }
    }

    @Test
    void an_event_without_texts_keeps_its_proof() throws Exception {
        try (EventLog log = open(CLOCK)) {
            appended(
                    log,
                    LogExamples.commit(new NewEvent(
                            "e-4", "slow-orders", 3, "WorkStarted", "1", "{\"startedOn\":\"2026-02-14\"}", METADATA)));
        }
        assertThatThrownBy(() -> erase(order(4, false)))
                .isInstanceOf(ErasureRefused.class)
                .hasMessage("the event has no text to erase");
        erase(order(4, true));
        try (EventLog log = open(CLOCK)) {
            RecordedEvent event = log.read(3, 1).get(0);
            assertThat(event.commitments().payloadSalt()).isNotNull();
            assertThat(event.commitments().metadataSalt()).isNull();
            assertThat(event.erased()).isNotNull();
        }
    }

    @Test
    void what_is_not_there_or_erased_already_is_refused() throws Exception {
        assertThatThrownBy(() -> erase(order(9, false)))
                .isInstanceOf(ErasureRefused.class)
                .hasMessage("there is no version 9 of the issue slow-orders");
        erase(order(2, false));
        assertThatThrownBy(() -> erase(order(2, false)))
                .isInstanceOf(ErasureRefused.class)
                .hasMessageStartingWith("version 2 of the issue slow-orders was erased on 2026-11-28T07:00:00Z by ada");
    }
}
