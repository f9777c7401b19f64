package issueledger.query;

import issueledger.access.AccessConfiguration;
import issueledger.access.Rules;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The access rules of this service. */
@Configuration(proxyBeanMethods = false)
@Import(AccessConfiguration.class)
class QueryAccess {

    @Bean
    Rules rules(@Value("${issue-ledger.tlog-public}") boolean transparencyIsPublic) {
        return Rules.ofTheQueryService(transparencyIsPublic);
    }
}
