package issueledger.analytics.facts;

import issueledger.axon.EventReader;
import issueledger.projections.Generation;
import issueledger.projections.MongoGeneration;
import issueledger.projections.Projection;
import issueledger.projections.ReadModel;
import issueledger.projections.SqliteGeneration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The facts that analytics are computed from. */
@Component
public class AnalyticsProjection implements Projection {
    public static final String NAME = "analytics";

    private final EventReader reader;
    private volatile @Nullable FactsModel served;

    AnalyticsProjection(EventReader reader) {
        this.reader = reader;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Raised whenever facts are stored or folded differently. */
    @Override
    public int version() {
        return 2;
    }

    @Override
    public ReadModel open(Generation generation) {
        FactsStore store = switch (generation) {
            case SqliteGeneration sqlite -> new SqliteFacts(sqlite.views());
            case MongoGeneration mongo -> new MongoFacts(mongo.views());
        };
        return new FactsModel(store, reader);
    }

    @Override
    public void serve(@Nullable ReadModel model) {
        served = (FactsModel) model;
    }

    /** The facts that answers are computed from; null while there are none. */
    public @Nullable Facts served() {
        FactsModel model = served;
        return model == null ? null : model.facts();
    }
}
