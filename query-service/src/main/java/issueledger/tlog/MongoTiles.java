package issueledger.tlog;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bson.Document;
import org.bson.types.Binary;

/** Tiles in a MongoDB collection: a document a tile. */
final class MongoTiles implements TileStore {
    /** Tiles of one request. */
    private static final int REQUEST = 500;

    private final MongoCollection<Document> collection;

    MongoTiles(MongoCollection<Document> collection) {
        this.collection = collection;
    }

    private static String id(int level, long index) {
        return level + "/" + index;
    }

    @Override
    public byte[] read(int level, long index) {
        Document tile = collection.find(new Document("_id", id(level, index))).first();
        return tile == null ? new byte[0] : tile.get("hashes", Binary.class).getData();
    }

    @Override
    public void write(Collection<StoredTile> tiles) {
        List<StoredTile> all = new ArrayList<>(tiles);
        for (int from = 0; from < all.size(); from += REQUEST) {
            bulkWrite(all.subList(from, Math.min(all.size(), from + REQUEST)));
        }
    }

    /** A tile with as many hashes is not replaced: the write is a redelivery, or another process holds the lease. */
    private void bulkWrite(List<StoredTile> tiles) {
        List<ReplaceOneModel<Document>> writes = tiles.stream()
                .map(tile -> new ReplaceOneModel<>(
                        new Document("_id", id(tile.level(), tile.index()))
                                .append("bytes", new Document("$lt", tile.hashes().length)),
                        document(tile),
                        new ReplaceOptions().upsert(true)))
                .toList();
        try {
            collection.bulkWrite(writes, new BulkWriteOptions().ordered(false));
        } catch (MongoBulkWriteException e) {
            if (e.getWriteConcernError() != null
                    || e.getWriteErrors().stream()
                            .anyMatch(error -> error.getCategory() != ErrorCategory.DUPLICATE_KEY)) {
                throw e;
            }
        }
    }

    private static Document document(StoredTile tile) {
        return new Document("_id", id(tile.level(), tile.index()))
                .append("bytes", tile.hashes().length)
                .append("hashes", new Binary(tile.hashes()));
    }
}
