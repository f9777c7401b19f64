package issueledger.projections;

import issueledger.log.mongo.MongoDeployment;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Stores the views beside the log. */
@Configuration(proxyBeanMethods = false)
class ViewStoreConfiguration {

    @Bean
    ViewStore viewStore(
            @Value("${issue-ledger.data-dir}") Path dataDirectory, ObjectProvider<MongoDeployment> mongo, Clock clock) {
        MongoDeployment deployment = mongo.getIfAvailable();
        return deployment == null
                ? new SqliteViewStore(dataDirectory, clock)
                : new MongoViewStore(deployment.database());
    }
}
