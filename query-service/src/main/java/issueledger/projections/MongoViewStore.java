package issueledger.projections;

import com.mongodb.client.MongoDatabase;

/** Views beside the log in MongoDB. */
final class MongoViewStore implements ViewStore {
    private final MongoDatabase database;

    MongoViewStore(MongoDatabase database) {
        this.database = database;
    }

    @Override
    public Feed feed(String views) {
        return new MongoFeed(database, views);
    }

    @Override
    public ProcessorTokens processorTokens() {
        return new MongoProcessorTokens(database);
    }

    /** The database is closed with its deployment. */
    @Override
    public void close() {}
}
