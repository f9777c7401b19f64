package issueledger.analytics.facts;

import issueledger.axon.EventReader;
import issueledger.projections.Generation;
import issueledger.projections.MongoGeneration;
import issueledger.projections.Projection;
import issueledger.projections.ReadModel;
import issueledger.projections.SqliteGeneration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The facts that analytics are computed from. */
@Component
public class AnalyticsProjection implements Projection {
    public static final String NAME = "analytics";

    /** The part of the heap that the facts may take. */
    private static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 10 * 4;

    private final EventReader reader;
    private final long mostBytes;
    private volatile @Nullable FactsModel served;

    @Autowired
    AnalyticsProjection(EventReader reader) {
        this(reader, MOST_BYTES);
    }

    /** @param mostBytes of heap that the facts may take */
    AnalyticsProjection(EventReader reader, long mostBytes) {
        this.reader = reader;
        this.mostBytes = mostBytes;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Raised whenever facts are stored or folded differently. */
    @Override
    public int version() {
        return 3;
    }

    @Override
    public ReadModel open(Generation generation) {
        FactsStore store = switch (generation) {
            case SqliteGeneration sqlite -> new SqliteFacts(sqlite.views());
            case MongoGeneration mongo -> new MongoFacts(mongo.views());
        };
        return new FactsModel(store, reader, mostBytes);
    }

    @Override
    public void serve(@Nullable ReadModel model) {
        served = (FactsModel) model;
    }

    /** True if this process has not the heap for the facts of all issues. */
    public boolean isOverfull() {
        FactsModel model = served;
        return model != null && model.isOverfull();
    }

    /** The facts that answers are computed from; null while there are none. */
    public @Nullable Facts served() {
        FactsModel model = served;
        return model == null ? null : model.facts();
    }
}
