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
 * One projection's token in MongoDB, and the right to move it, which one process holds at a time. The holder increments a beat. A process
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

    /** The holder's last sign of life, and when it was first seen. */
    private record Seen(@Nullable String owner, long beat, long nanoTime) {}

    /** @param name the projection's, with its format: one of another format has a token of its own */
    ProjectionLease(MongoDatabase database, String name) {
        this.tokens = database.getCollection("tokens");
        this.name = name;
    }

    /** As last read or moved. */
    synchronized long position() {
        return position;
    }

    synchronized boolean isHeld() {
        return held;
    }

    /** Reads the token, and takes the claim if nobody has it or its holder is silent. */
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
                // Its former holder may have moved it since it was read.
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

    /** A sign of life; false where another has taken the claim. */
    synchronized boolean beat() {
        return moved(inc("beat", 1L));
    }

    /** Moves the token; false where another has taken the claim. */
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
