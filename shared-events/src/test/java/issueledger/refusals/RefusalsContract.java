package issueledger.refusals;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The contract of both stores of refusals. */
abstract class RefusalsContract {
    static final Duration KEPT = Duration.ofDays(90);
    static final Instant NOW = Instant.parse("2026-03-01T08:00:00.123Z");

    /** The same place, opened once more. */
    abstract Refusals open();

    @Test
    void before_the_first_there_are_none() {
        try (Refusals refusals = open()) {
            assertThat(read(refusals, 0, 10)).isEmpty();
            refusals.forget(NOW);
        }
    }

    @Test
    void they_come_back_as_they_were_kept_oldest_first_and_numbered_upwards() {
        RefusedCommand rejected = refused("slow", "mara", "close", 409, "WRONG_STATUS");
        RefusedCommand invalid = refused(null, "jon", "open-issue", 422, null);
        try (Refusals refusals = open()) {
            refusals.keep(List.of(rejected, invalid));
            refusals.keep(List.of(rejected));
        }
        try (Refusals refusals = open()) {
            List<RefusedCommand> all = read(refusals, 0, 10);
            assertThat(all)
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
                    .containsExactly(rejected, invalid, rejected);
            assertThat(all).extracting(RefusedCommand::id).isSorted().doesNotHaveDuplicates();
            assertThat(read(refusals, 0, 2)).isEqualTo(all.subList(0, 2));
            assertThat(read(refusals, all.get(1).id(), 2)).isEqualTo(all.subList(2, 3));
        }
    }

    @Test
    void they_are_found_by_issue_actor_command_and_reason_together() {
        try (Refusals refusals = open()) {
            refusals.keep(List.of(
                    refused("slow", "mara", "close", 409, "WRONG_STATUS"),
                    refused("slow", "jon", "close", 409, "WRONG_STATUS"),
                    refused("fast", "mara", "close", 409, "REQUIREMENTS_UNMET"),
                    refused("slow", "mara", "start-work", 412, null)));

            assertThat(refusals.read(0, 10, "slow", null, null, null)).hasSize(3);
            assertThat(refusals.read(0, 10, null, "mara", null, null)).hasSize(3);
            assertThat(refusals.read(0, 10, null, null, "start-work", null)).hasSize(1);
            assertThat(refusals.read(0, 10, null, null, null, "REQUIREMENTS_UNMET"))
                    .extracting(RefusedCommand::issueId)
                    .containsExactly("fast");
            assertThat(refusals.read(0, 10, "slow", "mara", "close", "WRONG_STATUS"))
                    .hasSize(1);
            assertThat(refusals.read(0, 10, "fast", "jon", null, null)).isEmpty();
        }
    }

    @Test
    void two_services_keep_theirs_side_by_side() throws InterruptedException {
        try (Refusals one = open();
                Refusals other = open()) {
            Thread first = Thread.ofPlatform().start(() -> keepHundred(one, "one"));
            Thread second = Thread.ofPlatform().start(() -> keepHundred(other, "other"));
            first.join();
            second.join();

            List<RefusedCommand> all = read(one, 0, 1_000);
            assertThat(all).hasSize(200);
            assertThat(all).extracting(RefusedCommand::id).isSorted().doesNotHaveDuplicates();
            for (String actor : List.of("one", "other")) {
                assertThat(one.read(0, 1_000, null, actor, null, null))
                        .extracting(RefusedCommand::issueId)
                        .isEqualTo(IntStream.range(0, 100)
                                .mapToObj(i -> "issue-" + i)
                                .toList());
            }
        }
    }

    private static void keepHundred(Refusals refusals, String actor) {
        for (int i = 0; i < 100; i += 4) {
            refusals.keep(IntStream.range(i, i + 4)
                    .mapToObj(n -> refused("issue-" + n, actor, "close", 409, "WRONG_STATUS"))
                    .toList());
        }
    }

    static List<RefusedCommand> read(Refusals refusals, long after, int limit) {
        return refusals.read(after, limit, null, null, null, null);
    }

    static RefusedCommand refused(
            @Nullable String issueId, String actor, String command, int status, @Nullable String reason) {
        return refusedAt(NOW, issueId, actor, command, status, reason);
    }

    static RefusedCommand refusedAt(
            Instant at, @Nullable String issueId, String actor, String command, int status, @Nullable String reason) {
        return new RefusedCommand(
                0,
                at,
                command,
                issueId,
                actor,
                status,
                "/problems/rejected",
                reason,
                "The issue is OPEN.",
                "0af7651916cd43dd8448eb211c80319c");
    }
}
