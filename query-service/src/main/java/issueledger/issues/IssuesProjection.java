package issueledger.issues;

import issueledger.axon.EventReader;
import issueledger.log.EventLog;
import issueledger.projections.Generation;
import issueledger.projections.MongoGeneration;
import issueledger.projections.Projection;
import issueledger.projections.ReadModel;
import issueledger.projections.SqliteGeneration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The issues as they stand. */
@Component
class IssuesProjection implements Projection {
    static final String NAME = "issues";

    private final LargeIssues large;
    private final EventReader reader;
    private final EventLog log;
    private volatile @Nullable Issues served;

    IssuesProjection(LargeIssues large, EventReader reader, EventLog log) {
        this.large = large;
        this.reader = reader;
        this.log = log;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Raised whenever a view is stored or folded differently: IssueFoldTest tells. */
    @Override
    public int version() {
        return 3;
    }

    @Override
    public ReadModel open(Generation generation) {
        Issues issues = switch (generation) {
            case SqliteGeneration sqlite -> new SqliteIssues(sqlite.views(), large);
            case MongoGeneration mongo -> new MongoIssues(mongo.views(), large);
        };
        return new IssuesModel(issues, reader, log);
    }

    @Override
    public void serve(@Nullable ReadModel model) {
        served = model == null ? null : ((IssuesModel) model).issues();
    }

    /** The views that answers are read from; null while there are none. */
    @Nullable
    Issues served() {
        return served;
    }
}
