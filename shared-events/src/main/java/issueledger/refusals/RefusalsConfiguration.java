package issueledger.refusals;

import issueledger.log.mongo.MongoDeployment;
import issueledger.startup.Settings;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Stores the refusals beside the log, for both services. */
@Configuration(proxyBeanMethods = false)
public class RefusalsConfiguration {

    @Bean
    Refusals refusals(Settings settings, ObjectProvider<MongoDeployment> mongo) {
        MongoDeployment deployment = mongo.getIfAvailable();
        return deployment == null
                ? new SqliteRefusals(settings.dataDirectory().resolve("refusals.db"))
                : new MongoRefusals(deployment.database(), Duration.ofDays(settings.refusalsDays()));
    }
}
