package issueledger.projections;

import static com.mongodb.client.model.Updates.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoDatabase;
import issueledger.projections.Generation.Checkpoint;
import issueledger.query.EmbeddedViews;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MongoFeedTest extends FeedContract {
    private static EmbeddedViews server;

    private final MongoDatabase database = server.database();

    @BeforeAll
    static void start() {
        server = new EmbeddedViews();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    Feed process() {
        return new MongoViewStore(database).feed(VIEWS);
    }

    @Override
    void end(Feed feed) {
        feed.release();
    }

    private void anotherProcessTakesOver() {
        database.getCollection("tokens").updateMany(new Document(), set("owner", "another process"));
    }

    @Test
    void a_process_that_lost_the_right_writes_no_checkpoint() {
        Feed loser = leading(process());
        Generation generation = loser.begin();
        loser.serve(generation);
        write(generation, new Checkpoint(3, "h3", 0));
        anotherProcessTakesOver();

        assertThat(write(generation, new Checkpoint(9, "h9", 0))).isFalse();

        assertThat(loser.isHeld()).isFalse();
        assertThat(loser.keep()).isFalse();
        assertThatThrownBy(loser::begin).isInstanceOf(ViewsUnavailable.class);
        assertThat(served(following(process())).checkpoint().position()).isEqualTo(3);
    }

    @Test
    void a_process_that_releases_late_does_not_release_the_right_of_another() {
        Feed loser = leading(process());
        loser.begin();
        anotherProcessTakesOver();

        loser.release();

        following(process());
    }

    @Test
    @Tag("full")
    void a_process_that_shows_life_keeps_the_right_and_a_silent_one_loses_it() throws InterruptedException {
        Feed holder = leading(process());
        Generation generation = holder.begin();
        Feed other = process();
        long until = System.nanoTime() + 2 * MongoFeed.EXPIRY.toNanos();
        while (System.nanoTime() < until) {
            assertThat(holder.keep()).isTrue();
            following(other);
            Thread.sleep(200);
        }

        until = System.nanoTime() + 2 * MongoFeed.EXPIRY.toNanos();
        while (!other.acquire() && System.nanoTime() < until) {
            Thread.sleep(50);
        }

        assertThat(other.isHeld()).isTrue();
        assertThat(holder.keep()).isFalse();
        assertThat(write(generation, new Checkpoint(1, "h1", 0))).isFalse();
    }
}
