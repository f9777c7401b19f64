package issueledger.refusals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteRefusalsTest extends RefusalsContract {
    @TempDir
    private Path folder;

    @Override
    Refusals open() {
        return new SqliteRefusals(folder.resolve("refusals.db"));
    }

    @Test
    void old_ones_are_forgotten() {
        try (Refusals refusals = open()) {
            refusals.keep(List.of(
                    refusedAt(NOW.minusMillis(1), "old", "mara", "close", 409, "WRONG_STATUS"),
                    refusedAt(NOW, "young", "mara", "close", 409, "WRONG_STATUS")));
            refusals.forget(NOW);
            assertThat(read(refusals, 0, 10))
                    .extracting(RefusedCommand::issueId)
                    .containsExactly("young");
        }
    }

    @Test
    void of_more_than_a_million_the_oldest_are_forgotten_and_no_number_is_given_again() throws SQLException {
        try (Refusals refusals = open()) {
            refusals.keep(List.of(refused("first", "mara", "close", 409, null)));
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("refusals.db"))) {
                connection
                        .createStatement()
                        .execute("UPDATE sqlite_sequence SET seq = " + Refusals.MOST + " WHERE name = 'refusals'");
            }
            refusals.keep(List.of(refused("last", "mara", "close", 409, null)));
            refusals.forget(NOW.minus(Duration.ofDays(1)));
            assertThat(read(refusals, 0, 10))
                    .extracting(RefusedCommand::issueId)
                    .containsExactly("last");
            refusals.forget(NOW.plusMillis(1));
            refusals.keep(List.of(refused("next", "mara", "close", 409, null)));
            assertThat(read(refusals, 0, 10)).extracting(RefusedCommand::id).containsExactly(Refusals.MOST + 2L);
        }
    }

    @Test
    void a_file_that_is_no_database_is_named_and_once_it_is_gone_they_are_kept_again() throws IOException {
        Path file = folder.resolve("refusals.db");
        Files.writeString(
                file, "this is no database, and longer than the header of one would have to be: 100 bytes at least");
        try (Refusals refusals = open()) {
            List<RefusedCommand> one = List.of(refused("slow", "mara", "close", 409, null));
            assertThatThrownBy(() -> refusals.keep(one))
                    .isInstanceOf(RefusalsUnavailable.class)
                    .hasMessageContaining("refusals.db cannot be written: it is not an SQLite database: move it away");
            assertThatThrownBy(() -> read(refusals, 0, 10))
                    .isInstanceOf(RefusalsUnavailable.class)
                    .hasMessageContaining("refusals.db cannot be read");
            Files.delete(file);
            refusals.keep(one);
            assertThat(read(refusals, 0, 10)).hasSize(1);
        }
    }
}
