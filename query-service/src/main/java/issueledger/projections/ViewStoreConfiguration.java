package issueledger.projections;

import issueledger.log.mongo.MongoDeployment;
import issueledger.startup.Settings;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Stores the views beside the log. */
@Configuration(proxyBeanMethods = false)
class ViewStoreConfiguration {

    @Bean
    ViewStore viewStore(Settings settings, ObjectProvider<MongoDeployment> mongo, Clock clock) {
        MongoDeployment deployment = mongo.getIfAvailable();
        return deployment == null
                ? new SqliteViewStore(settings.dataDirectory(), clock)
                : new MongoViewStore(deployment.database());
    }
}
