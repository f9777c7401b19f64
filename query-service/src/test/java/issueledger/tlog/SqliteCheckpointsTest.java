package issueledger.tlog;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCheckpointsTest extends CheckpointStoreContract {
    @TempDir
    private Path folder;

    @Override
    CheckpointStore open() {
        return new SqliteCheckpoints(folder.resolve("checkpoints.db"));
    }

    @Test
    void a_file_that_is_none_of_its_kind_is_named() throws IOException {
        Path file = folder.resolve("other.db");
        Files.writeString(file, "Dear diary, ".repeat(500));

        assertThatThrownBy(() -> new SqliteCheckpoints(file).last())
                .isInstanceOf(CheckpointsUnavailable.class)
                .hasMessageContaining("other.db");
    }
}
