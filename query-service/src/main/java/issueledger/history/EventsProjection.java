package issueledger.history;

import issueledger.projections.Generation;
import issueledger.projections.MongoGeneration;
import issueledger.projections.Projection;
import issueledger.projections.ReadModel;
import issueledger.projections.SqliteGeneration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Who did what: the events by actor, type and issue. */
@Component
class EventsProjection implements Projection {
    static final String NAME = "events";

    private volatile @Nullable EventIndex served;

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
        return new EventsModel(
                switch (generation) {
                    case SqliteGeneration sqlite -> new SqliteEventIndex(sqlite.views());
                    case MongoGeneration mongo -> new MongoEventIndex(mongo.views());
                });
    }

    @Override
    public void serve(@Nullable ReadModel model) {
        served = model == null ? null : ((EventsModel) model).index();
    }

    /** The index that answers are read from; null while there is none. */
    @Nullable
    EventIndex served() {
        return served;
    }
}
