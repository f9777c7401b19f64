package issueledger.projections;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.max;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.setOnInsert;

import com.mongodb.DuplicateKeyException;
import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.UpdateOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * One projection's token in MongoDB and the lease on it: one process at a time may move the token. The holder increments a beat. A process
 * that sees the same beat for longer than {@link #EXPIRY}, by its own clock, takes the lease; clocks need not agree.
 */
final class ProjectionLease {
    /** Maximum silence of a holder. */
    static final Duration EXPIRY = Duration.ofMillis(2_500);

    private final MongoCollection<Document> tokens;
    private final String name;
    private final String self = UUID.randomUUID().toString();
    private long position;
    private boolean held;
    private @Nullable Seen seen;

    /** The holder's last beat and the time when this process first saw it. */
    private record Seen(@Nullable String owner, long beat, long nanoTime) {}

    /** @param name {@link Projection#storedAs()}: each format has its own token */
    ProjectionLease(MongoDatabase database, String name) {
        this.tokens = database.getCollection("tokens");
        this.name = name;
    }

    /** The position as last read or moved. */
    synchronized long position() {
        return position;
    }

    synchronized boolean isHeld() {
        return held;
    }

    /** Reads the token; takes the lease if it is free or its holder is silent. */
    synchronized void look() {
        Document token = tokens.find(eq("_id", name)).first();
        if (token == null) {
            begin();
            return;
        }
        position = token.getLong("position");
        String owner = token.getString("owner");
        long beat = token.getLong("beat");
        Seen before = seen;
        if (before == null || before.beat() != beat || !Objects.equals(before.owner(), owner)) {
            seen = new Seen(owner, beat, System.nanoTime());
        }
        boolean silent = System.nanoTime() - Objects.requireNonNull(seen).nanoTime() > EXPIRY.toNanos();
        if (owner == null || silent) {
            held = tokens.updateOne(
                                    new Document("_id", name)
                                            .append("owner", owner)
                                            .append("beat", beat),
                                    combine(set("owner", self), inc("beat", 1L)))
                            .getModifiedCount()
                    == 1;
            if (held) {
                // The former holder may have moved the token since it was read.
                Document taken = tokens.find(eq("_id", name)).first();
                position = Objects.requireNonNull(taken).getLong("position");
            }
        }
    }

    private void begin() {
        try {
            tokens.updateOne(
                    eq("_id", name),
                    combine(setOnInsert("position", 0L), setOnInsert("owner", null), setOnInsert("beat", 0L)),
                    new UpdateOptions().upsert(true));
        } catch (DuplicateKeyException e) {
            return; // Another process was first.
        } catch (MongoWriteException e) {
            if (e.getError().getCategory() != ErrorCategory.DUPLICATE_KEY) {
                throw e;
            }
        }
    }

    /** Shows that this process is alive; false if another one has taken the lease. */
    synchronized boolean beat() {
        return moved(inc("beat", 1L));
    }

    /** Moves the token; false if another process has taken the lease. */
    synchronized boolean advance(long to) {
        if (moved(combine(max("position", to), inc("beat", 1L)))) {
            position = Math.max(position, to);
            return true;
        }
        return false;
    }

    private Document mine() {
        return new Document("_id", name).append("owner", self);
    }

    private boolean moved(Bson update) {
        held = tokens.updateOne(mine(), update).getMatchedCount() == 1;
        return held;
    }

    /** Releases the lease; the next process to look takes it. */
    synchronized void release() {
        if (held) {
            tokens.updateOne(mine(), set("owner", null));
            held = false;
        }
    }
}
