package issueledger.projections;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteTokenStoreTest extends TokenStoreContract {
    @TempDir
    Path folder;

    private SqliteViewStore store;

    @Override
    ProcessorTokens tokens() {
        store = new SqliteViewStore(folder, Clock.systemUTC());
        return store.processorTokens();
    }

    @AfterEach
    void closeTheStore() {
        store.close();
    }

    @Test
    void a_process_that_does_not_feed_the_views_writes_tokens_too() {
        ProcessorTokens.Row row = new ProcessorTokens.Row("actors", 0, null, null, null, 1, 0);
        assertThat(store.acquire()).isTrue();
        store.processorTokens().insert(row);
        SqliteViewStore second = new SqliteViewStore(folder, Clock.systemUTC());
        try (second) {
            assertThat(second.acquire()).isFalse();

            assertThat(second.processorTokens().replace(row, row.claimed("second", 2)))
                    .isTrue();
        }
        assertThat(store.processorTokens().rows("actors")).containsExactly(row.claimed("second", 2));
    }

    @Test
    void a_replaced_index_has_no_tokens_and_takes_new_ones() throws Exception {
        ProcessorTokens.Row row = new ProcessorTokens.Row("actors", 0, null, null, null, 1, 0);
        store.processorTokens().insert(row);

        for (String file : new String[] {"views.db", "views.db-wal", "views.db-shm"}) {
            Files.deleteIfExists(folder.resolve(file));
        }

        assertThat(store.processorTokens().rows("actors")).isEmpty();
        assertThat(store.processorTokens().insert(row)).isTrue();
        assertThat(store.processorTokens().rows("actors")).containsExactly(row);
    }
}
