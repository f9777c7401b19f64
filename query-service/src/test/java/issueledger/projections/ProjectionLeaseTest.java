package issueledger.projections;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoDatabase;
import issueledger.query.EmbeddedViews;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProjectionLeaseTest {
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

    private ProjectionLease claim() {
        return new ProjectionLease(database, "issues-1");
    }

    private static ProjectionLease taken(ProjectionLease claim) {
        claim.look(); // Makes the token.
        claim.look();
        assertThat(claim.isHeld()).isTrue();
        return claim;
    }

    @Test
    void one_process_has_the_claim_and_the_others_see_how_far_it_is() {
        ProjectionLease holder = taken(claim());
        ProjectionLease other = claim();

        assertThat(holder.advance(7)).isTrue();
        other.look();

        assertThat(other.isHeld()).isFalse();
        assertThat(other.position()).isEqualTo(7);
        assertThat(other.advance(9)).isFalse();
        assertThat(holder.position()).isEqualTo(7);
    }

    @Test
    void a_token_never_goes_back() {
        ProjectionLease holder = taken(claim());
        holder.advance(7);

        assertThat(holder.advance(5)).isTrue();

        assertThat(holder.position()).isEqualTo(7);
        ProjectionLease other = claim();
        other.look();
        assertThat(other.position()).isEqualTo(7);
    }

    @Test
    void a_claim_that_is_released_is_taken_at_the_next_look() {
        ProjectionLease holder = taken(claim());
        holder.advance(3);
        ProjectionLease other = claim();
        other.look();

        holder.release();
        other.look();

        assertThat(other.isHeld()).isTrue();
        assertThat(other.position()).isEqualTo(3);
        assertThat(holder.isHeld()).isFalse();
    }

    @Test
    @Tag("full")
    void a_holder_that_shows_life_keeps_it_and_a_silent_one_loses_it() throws InterruptedException {
        ProjectionLease holder = taken(claim());
        ProjectionLease other = claim();
        long until = System.nanoTime() + 2 * ProjectionLease.EXPIRY.toNanos();
        while (System.nanoTime() < until) {
            assertThat(holder.beat()).isTrue();
            other.look();
            assertThat(other.isHeld()).isFalse();
            Thread.sleep(200);
        }

        until = System.nanoTime() + 2 * ProjectionLease.EXPIRY.toNanos();
        while (!other.isHeld() && System.nanoTime() < until) {
            other.look();
            Thread.sleep(50);
        }

        assertThat(other.isHeld()).isTrue();
        assertThat(holder.beat()).isFalse();
        assertThat(holder.advance(1)).isFalse();
    }
}
