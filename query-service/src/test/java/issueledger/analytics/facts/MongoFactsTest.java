package issueledger.analytics.facts;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.model.Updates;
import issueledger.projections.MongoGeneration;
import issueledger.projections.ViewsDamaged;
import issueledger.query.EmbeddedViews;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MongoFactsTest extends FactsContract {
    private static EmbeddedViews server;

    @BeforeAll
    static void start() {
        server = new EmbeddedViews();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    Told store() {
        return Told.mongo(server.database());
    }

    @Test
    void a_later_write_is_not_replaced_by_an_earlier_one() {
        told.at("2026-03-01T08:00:00Z", "i-1", OPENED).fold(1);
        List<IssueFacts> before = told.issues();
        told.at("2026-03-01T08:00:01Z", "i-1", STARTED).fold(1);
        List<IssueFacts> after = told.issues();
        MongoFacts store = new MongoFacts(((MongoGeneration) told.views().generation()).views());

        store.write(before, 1);

        List<IssueFacts> read = new ArrayList<>();
        store.read(0, UnaryOperator.identity(), read::add);
        IssueFacts stored = read.get(0);
        assertThat(stored.stored()).isEqualTo(after.get(0).stored());
    }

    @Test
    void facts_that_are_not_as_they_were_written_are_damage() {
        told.at("2026-03-01T08:00:00Z", "i-1", OPENED).fold(1);
        MongoGeneration generation = (MongoGeneration) told.views().generation();
        generation.views().updateOne(new Document(), Updates.inc("crc", 1));

        assertThatThrownBy(told::restart).isInstanceOf(ViewsDamaged.class).hasMessageContaining("i-1");
    }
}
