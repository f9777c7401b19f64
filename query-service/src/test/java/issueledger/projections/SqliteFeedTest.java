package issueledger.projections;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.log.StoppedClock;
import issueledger.projections.Generation.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteFeedTest extends FeedContract {
    private static final StoppedClock CLOCK = new StoppedClock("2026-03-01T08:00:00Z");

    @TempDir
    private Path folder;

    private final Map<Feed, SqliteViewStore> stores = new HashMap<>();

    @AfterEach
    void close() {
        stores.values().forEach(SqliteViewStore::close);
    }

    @Override
    Feed process() {
        return process(VIEWS);
    }

    private Feed process(String views) {
        SqliteViewStore store = new SqliteViewStore(folder, CLOCK);
        Feed feed = store.feed(views);
        stores.put(feed, store);
        return feed;
    }

    @Override
    void end(Feed feed) {
        feed.release();
        stores.remove(feed).close();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".db"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void a_dropped_generation_leaves_no_file() throws IOException {
        Feed leader = leading(process());
        Generation generation = leader.begin();
        write(generation, new Checkpoint(1, "h1", 0));
        assertThat(files()).hasSize(2);

        leader.drop(generation);

        assertThat(files()).containsExactly("views.db");
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all.filter(file -> file.toString().contains(VIEWS))).isEmpty();
        }
    }

    @Test
    void a_feeder_whose_lock_file_is_removed_locks_a_new_one_before_it_goes_on() throws IOException {
        Feed leader = leading(process());
        Feed other = process();
        assertThat(other.acquire()).isFalse();

        Files.delete(folder.resolve("views.lock"));

        assertThat(leader.keep()).isTrue();
        assertThat(other.acquire()).isFalse();
    }

    @Test
    void a_feeder_whose_lock_file_another_process_has_made_anew_feeds_no_more() throws IOException {
        Feed leader = leading(process());
        Feed other = process();

        Files.delete(folder.resolve("views.lock"));

        assertThat(other.acquire()).isTrue();
        assertThat(leader.keep()).isFalse();
        assertThat(leader.acquire()).isFalse();
        assertThat(other.keep()).isTrue();
    }

    @Test
    void a_write_that_fails_leaves_nothing() {
        Generation generation = leading(process()).begin();
        write(generation, new Checkpoint(1, "h1", 0));

        assertThatThrownBy(() -> generation.write(
                        () -> {
                            throw new IllegalStateException("no");
                        },
                        List.of(parked(2, "i-1", "unreadable")),
                        List.of(),
                        new Checkpoint(2, "h2", 0)))
                .hasMessage("no");

        assertThat(generation.checkpoint().position()).isEqualTo(1);
        assertThat(generation.parkedCount()).isZero();
        assertThat(write(generation, new Checkpoint(2, "h2", 0))).isTrue();
    }

    @Test
    void an_index_that_is_rubbish_is_replaced_with_all_views_by_the_next_process() throws IOException {
        Feed first = leading(process());
        Generation old = first.begin();
        first.serve(old);
        end(first);
        Files.writeString(folder.resolve("views.db"), "rubbish ".repeat(2_000), UTF_8);

        CLOCK.pass(Duration.ofSeconds(1));
        Feed next = leading(process());

        assertThat(next.served()).isNull();
        assertThat(next.others()).isEmpty();
        assertThat(files()).containsExactly("views.db");
        assertThat(next.begin().number()).isGreaterThan(old.number());
    }

    @Test
    void a_database_of_another_program_is_replaced() throws IOException {
        Feed first = leading(process());
        Generation generation = first.begin();
        first.serve(generation);
        String name = "views-" + VIEWS + "-" + generation.number() + ".db";
        end(first);
        Files.copy(folder.resolve(name), folder.resolve("views.db"), StandardCopyOption.REPLACE_EXISTING);

        Feed next = leading(process());

        assertThat(next.served()).isNull();
        assertThat(files()).containsExactly("views.db");
    }

    @Test
    void views_that_are_removed_while_the_service_runs_are_begun_anew() throws IOException {
        Feed leader = leading(process());
        Generation old = leader.begin();
        leader.serve(old);
        Feed other = following(process());
        assertThat(other.served()).isNotNull();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().contains(".db")).toList()) {
                Files.delete(file);
            }
        }

        assertThat(other.served()).isNull();
        assertThat(leader.served()).isNull();

        Generation next = leader.begin();
        leader.serve(next);
        assertThat(next.number()).isGreaterThan(old.number());
        assertThat(served(other).number()).isEqualTo(next.number());
    }

    @Test
    void a_served_generation_without_its_file_is_damage() throws IOException {
        Feed leader = leading(process());
        Generation generation = leader.begin();
        leader.serve(generation);
        Files.delete(folder.resolve("views-" + VIEWS + "-" + generation.number() + ".db"));

        assertThatThrownBy(leader::served).isInstanceOf(ViewsDamaged.class).hasMessageContaining("is missing");
    }

    @Test
    void the_views_of_another_version_are_removed_by_the_next_process_that_feeds() throws IOException {
        Feed old = leading(process("notes-0"));
        old.serve(old.begin());
        end(old);
        Files.writeString(folder.resolve("views-notes-1-7.db"), "left by a lost index");

        Feed next = leading(process());

        assertThat(next.served()).isNull();
        assertThat(files()).containsExactly("views.db");
        next.serve(next.begin());
        end(next);
        assertThat(leading(process()).served()).isNotNull();
        assertThat(files()).hasSize(2);
    }

    @Test
    void a_process_that_asks_for_no_feed_removes_no_views() throws IOException {
        Feed old = leading(process());
        old.serve(old.begin());
        end(old);
        try (SqliteViewStore tokensOnly = new SqliteViewStore(folder, CLOCK)) {
            assertThat(tokensOnly.acquire()).isTrue();
            assertThat(tokensOnly.hasIndex()).isTrue();
        }

        assertThat(files()).hasSize(2);
        assertThat(leading(process()).served()).isNotNull();
    }
}
