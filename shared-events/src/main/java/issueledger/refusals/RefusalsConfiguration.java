package issueledger.refusals;

import issueledger.log.mongo.MongoDeployment;
import issueledger.startup.StartupFailure;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Stores the refusals beside the log, for both services. */
@Configuration(proxyBeanMethods = false)
public class RefusalsConfiguration {

    @Bean
    Refusals refusals(
            @Value("${issue-ledger.data-dir}") Path dataDirectory,
            @Value("${issue-ledger.refusals-days}") String days,
            ObjectProvider<MongoDeployment> mongo) {
        Duration kept = kept(days);
        MongoDeployment deployment = mongo.getIfAvailable();
        return deployment == null
                ? new SqliteRefusals(dataDirectory.resolve("refusals.db"))
                : new MongoRefusals(deployment.database(), kept);
    }

    /**
     * Retention time of a refusal.
     *
     * @throws StartupFailure if the value is not a number of days
     */
    public static Duration kept(String days) {
        if (!days.matches("[1-9]\\d{0,4}")) {
            throw new StartupFailure(
                    "ISSUE_LEDGER_REFUSALS_DAYS=" + days + " is no number of days from 1 to 99999, such as 90.");
        }
        return Duration.ofDays(Integer.parseInt(days));
    }
}
