package issueledger.analytics.facts;

import static issueledger.query.Happenings.OPENED;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import issueledger.projections.SqliteGeneration;
import issueledger.projections.ViewsDamaged;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteFactsTest extends FactsContract {
    @TempDir
    private Path folder;

    @Override
    Told store() {
        return Told.sqlite(folder);
    }

    @Test
    void facts_that_are_not_as_they_were_written_are_damage() {
        told.at("2026-03-01T08:00:00Z", "i-1", OPENED).fold(1);
        SqliteGeneration generation = (SqliteGeneration) told.views().generation();
        generation.views().write(session -> session.update("UPDATE facts SET crc = crc + 1"));

        assertThatThrownBy(told::restart).isInstanceOf(ViewsDamaged.class).hasMessageContaining("i-1");
    }
}
