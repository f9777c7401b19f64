package issueledger.query;

import issueledger.access.AccessConfiguration;
import issueledger.access.Rules;
import issueledger.startup.Settings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The access rules of this service. */
@Configuration(proxyBeanMethods = false)
@Import(AccessConfiguration.class)
class QueryAccess {

    @Bean
    Rules rules(Settings settings) {
        return Rules.ofTheQueryService(settings.transparencyIsPublic());
    }
}
