package issueledger.tlog;

import issueledger.projections.Generation;
import issueledger.projections.MongoGeneration;
import issueledger.projections.Projection;
import issueledger.projections.ReadModel;
import issueledger.projections.SqliteGeneration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The log's Merkle tree. */
@Component
class TlogProjection implements Projection {
    static final String NAME = "tlog";

    private final CheckpointStore checkpoints;
    private final CheckpointCopy copy;
    private volatile @Nullable TlogModel served;

    TlogProjection(CheckpointStore checkpoints, CheckpointCopy copy) {
        this.checkpoints = checkpoints;
        this.copy = copy;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public ReadModel open(Generation generation) {
        TileStore tiles = switch (generation) {
            case SqliteGeneration sqlite -> new SqliteTiles(sqlite.views());
            case MongoGeneration mongo -> new MongoTiles(mongo.views());
        };
        return new TlogModel(generation, tiles, checkpoints, copy);
    }

    @Override
    public void serve(@Nullable ReadModel model) {
        served = (TlogModel) model;
    }

    /** The model that answers are read from; null while there is none. */
    @Nullable
    TlogModel served() {
        return served;
    }
}
